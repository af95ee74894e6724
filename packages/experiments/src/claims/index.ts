import { averageDrift } from "./averageDrift.ts";
import type { Claim } from "./claim.ts";
import { cost } from "./cost.ts";
import { denseMinima } from "./denseMinima.ts";
import { errorRecurrence } from "./errorRecurrence.ts";
import { flowDecreases } from "./flowDecreases.ts";
import { flowEscape } from "./flowEscape.ts";
import { flowNorms } from "./flowNorms.ts";
import { flowRate } from "./flowRate.ts";
import { hypergradient } from "./hypergradient.ts";
import { lemmaB1 } from "./lemmaB1.ts";
import { logarithmicDepth } from "./logarithmicDepth.ts";
import { momentumLoss } from "./momentumLoss.ts";
import { newtonLoss } from "./newtonLoss.ts";
import { noiseScale } from "./noiseScale.ts";
import { permutationReach } from "./permutationReach.ts";
import { psd } from "./psd.ts";
import { receptiveField } from "./receptiveField.ts";
import { routerDepth } from "./routerDepth.ts";
import { saddle } from "./saddle.ts";
import { saddleEscape } from "./saddleEscape.ts";
import { scaleEquivariance } from "./scaleEquivariance.ts";
import { shufflingEntropy } from "./shufflingEntropy.ts";
import { simplePreconditioners } from "./simplePreconditioners.ts";
import { slowDrift } from "./slowDrift.ts";
import { sparseNetworks } from "./sparseNetworks.ts";
import { start } from "./start.ts";
import { structuredIsDense } from "./structuredIsDense.ts";
import { structuredMinima } from "./structuredMinima.ts";

/** Every claim, in the paper's order. A line here puts it in the test suite, on the command line and in the docs. */
export const claims: readonly Claim[] = [
  psd,
  start,
  structuredIsDense,
  hypergradient,
  receptiveField,
  errorRecurrence,
  averageDrift,
  flowDecreases,
  flowNorms,
  flowEscape,
  flowRate,
  slowDrift,
  lemmaB1,
  saddle,
  saddleEscape,
  cost,
  shufflingEntropy,
  permutationReach,
  logarithmicDepth,
  routerDepth,
  sparseNetworks,
  simplePreconditioners,
  denseMinima,
  structuredMinima,
  scaleEquivariance,
  noiseScale,
  newtonLoss,
  momentumLoss,
];
