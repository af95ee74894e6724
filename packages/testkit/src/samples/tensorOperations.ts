import type { Operation } from "../sample.ts";
import { elementwiseOperations } from "./elementwise.ts";
import { linearAlgebraOperations } from "./linearAlgebra.ts";
import { reductionOperations } from "./reductions.ts";
import { structureOperations } from "./structure.ts";

/** Every operation of the tensor package, with its samples. */
export const tensorOperations: readonly Operation[] = [
  ...elementwiseOperations,
  ...reductionOperations,
  ...structureOperations,
  ...linearAlgebraOperations,
];
