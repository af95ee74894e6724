import type { Law } from "../law.ts";
import type { Sample } from "../sample.ts";
import { float32Law } from "./float32.ts";
import { fusedLaw } from "./fused.ts";
import { hessianLaw, jacobianLaw } from "./jacobian.ts";
import { arenaLaw, layoutLaw, purityLaw } from "./layout.ts";
import { broadcastingLaw, sharedOperandLaw } from "./operands.ts";
import { adjointLaw, cotangentLaw, linearityLaw } from "./pullback.ts";
import { valueLaw } from "./values.ts";

/** What every primitive obeys, in the order in which a mistake is best understood. */
export const primitiveLaws: readonly Law<Sample>[] = [
  valueLaw,
  jacobianLaw,
  hessianLaw,
  cotangentLaw,
  adjointLaw,
  linearityLaw,
  broadcastingLaw,
  sharedOperandLaw,
  layoutLaw,
  purityLaw,
  arenaLaw,
  float32Law,
  fusedLaw,
];
