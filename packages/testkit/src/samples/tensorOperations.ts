import type { Operation } from "../sample.ts";
import { binaries } from "./binary.ts";
import { convolutionOperations } from "./convolutions.ts";
import { linearAlgebraOperations } from "./linearAlgebra.ts";
import { networkOperations } from "./networks.ts";
import { poolOperations } from "./pools.ts";
import { reductionOperations } from "./reductions.ts";
import { selections } from "./selection.ts";
import { structureOperations } from "./structure.ts";
import { unaries } from "./unary.ts";

/** Every operation of the tensor package, with its samples. */
export const tensorOperations: readonly Operation[] = [
  ...unaries,
  ...binaries,
  ...selections,
  ...reductionOperations,
  ...structureOperations,
  ...linearAlgebraOperations,
  ...convolutionOperations,
  ...poolOperations,
  ...networkOperations,
];
