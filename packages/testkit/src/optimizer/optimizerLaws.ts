import type { Law } from "../law.ts";
import type { OptimizerSample } from "./optimizerSample.ts";
import { badHyperparameterLaw, foreignStateLaw, requirementLaw } from "./refusalLaws.ts";
import { arenaLaw, deterministicLaw, lengthLaw, plainStateLaw, pureLaw, resumeLaw } from "./stateLaws.ts";
import { descentLaw, evaluationsLaw, float32Law, hugeLaw, nanLaw, stationaryLaw } from "./stepLaws.ts";

/** What every optimizer obeys, in the order in which a mistake is best understood. */
export const optimizerLaws: readonly Law<OptimizerSample>[] = [
  descentLaw,
  stationaryLaw,
  evaluationsLaw,
  plainStateLaw,
  deterministicLaw,
  pureLaw,
  resumeLaw,
  lengthLaw,
  arenaLaw,
  float32Law,
  nanLaw,
  hugeLaw,
  badHyperparameterLaw,
  requirementLaw,
  foreignStateLaw,
];
