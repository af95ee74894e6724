import type { RegisteredArchitecture } from "../preconditioner.ts";
import { blockPermutation } from "./blockPermutation.ts";
import { dense } from "./dense.ts";
import { diagonal } from "./diagonal.ts";
import { scalar } from "./scalar.ts";

/** Every architecture. A line here gives it the conformance suite, and a row wherever architectures are compared. */
export const architectures: readonly RegisteredArchitecture[] = [blockPermutation, dense, diagonal, scalar];
