import type { Claim } from "./claim.ts";
import { orthogonalStart } from "./orthogonalStart.ts";
import { positiveSemiDefinite } from "./positiveSemiDefinite.ts";

/** Every claim, in the paper's order. A line here puts it in the test suite, on the command line and in the docs. */
export const claims: readonly Claim[] = [positiveSemiDefinite, orthogonalStart];
