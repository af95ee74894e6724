import { adamKernel } from "@lodo/optim";
import { constantFrom, record, tuple } from "fast-check";
import { shapes } from "../extents.ts";
import type { KernelCases } from "../kernelCases.ts";
import { dtypes, viewOf } from "../views.ts";

const decays = constantFrom(0, 0.5, 0.9, 0.999);

/** Gradients and moments of any magnitude: every operation is rounded once, as in the reference. */
export const adamCases: readonly KernelCases[] = [
  {
    kernel: adamKernel.kernelName,
    calls: record({
      shape: shapes,
      dtype: dtypes,
      numbers: constantFrom("ordinary", "special", "wide"),
      constants: record({ b1: decays, b2: decays, step: constantFrom(-0.1, -1e-3), eps: constantFrom(0, 1e-7, 1e-3) }),
    }).chain(({ shape, dtype, numbers, constants }) => {
      const one = () => viewOf(shape, { dtype, numbers });
      return tuple(one(), one(), one()).map((views) => [constants, ...views]);
    }),
    tolerance: "exact",
  },
];
