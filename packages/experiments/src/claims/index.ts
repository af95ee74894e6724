import type { Claim } from "./claim.ts";
import { indefiniteProduct } from "./indefiniteProduct.ts";
import { orthogonalStart } from "./orthogonalStart.ts";
import { positiveSemiDefinite } from "./positiveSemiDefinite.ts";
import { saddleEscape } from "./saddleEscape.ts";
import { saddleRepulsion } from "./saddleRepulsion.ts";

/** Every claim, in the paper's order. A line here puts it in the test suite, on the command line and in the docs. */
export const claims: readonly Claim[] = [positiveSemiDefinite, orthogonalStart, indefiniteProduct, saddleRepulsion, saddleEscape];
