import type { RegisteredArchitecture } from "../preconditioner.ts";
import { blockPermutation } from "./blockPermutation.ts";
import { butterfly } from "./butterfly.ts";
import { dense } from "./dense.ts";
import { diagonal } from "./diagonal.ts";
import { diagonalPlusLowRank } from "./diagonalPlusLowRank.ts";
import { kronecker } from "./kronecker.ts";
import { monarch } from "./monarch.ts";
import { residuals } from "./residuals.ts";
import { scalar } from "./scalar.ts";

/** Every architecture. A line here gives it the conformance suite, and a row wherever architectures are compared. */
export const architectures: readonly RegisteredArchitecture[] = [
  blockPermutation,
  residuals,
  butterfly,
  monarch,
  kronecker,
  diagonalPlusLowRank,
  dense,
  diagonal,
  scalar,
];
