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
import { indefiniteProduct } from "./indefiniteProduct.ts";
import { logarithmicDepth } from "./logarithmicDepth.ts";
import { momentumLoss } from "./momentumLoss.ts";
import { newtonLoss } from "./newtonLoss.ts";
import { noiseScale } from "./noiseScale.ts";
import { orthogonalStart } from "./orthogonalStart.ts";
import { permutationReach } from "./permutationReach.ts";
import { positiveSemiDefinite } from "./positiveSemiDefinite.ts";
import { receptiveField } from "./receptiveField.ts";
import { routerDepth } from "./routerDepth.ts";
import { saddleEscape } from "./saddleEscape.ts";
import { saddleRepulsion } from "./saddleRepulsion.ts";
import { scaleEquivariance } from "./scaleEquivariance.ts";
import { shufflingEntropy } from "./shufflingEntropy.ts";
import { simplePreconditioners } from "./simplePreconditioners.ts";
import { slowDrift } from "./slowDrift.ts";
import { sparseNetworks } from "./sparseNetworks.ts";
import { structuredIsDense } from "./structuredIsDense.ts";
import { structuredMinima } from "./structuredMinima.ts";

/** Every claim, in the paper's order. A line here puts it in the test suite, on the command line and in the docs. */
export const claims: readonly Claim[] = [
  positiveSemiDefinite,
  orthogonalStart,
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
  indefiniteProduct,
  saddleRepulsion,
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
