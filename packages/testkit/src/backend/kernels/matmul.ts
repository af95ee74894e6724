import type { Strided } from "@lodo/tensor";
import { constantFrom, record, tuple } from "fast-check";
import { extent, gamma } from "../extents.ts";
import { arraysIn, inFloat64, type KernelCases, reference } from "../kernelCases.ts";
import { dtypes, viewOf } from "../views.ts";

/** [b, m, k] and [b, k, n], with ordinary numbers, or with NaN and infinities among them. */
const calls = record({
  batch: constantFrom(1, 1, 2, 3, 0),
  m: extent(40),
  k: extent(70),
  n: extent(45),
  dtype: dtypes,
  numbers: constantFrom("ordinary", "ordinary", "nonfinite"),
}).chain(({ batch, m, k, n, dtype, numbers }) =>
  tuple(viewOf([batch, m, k], { dtype, numbers }), viewOf([batch, k, n], { dtype, numbers })),
);

/**
 * Both are within γ_{k+1} Σ|a||b| of the exact sum: a product and k − 1 additions each, in any order, and the reference's rounding of its result
 * (Higham, Accuracy and Stability of Numerical Algorithms, 2002, §3.1).
 */
export const matmulCases: readonly KernelCases[] = [
  {
    kernel: "matmul",
    calls,
    tolerance: (args) => {
      const A = args[0] as Strided;
      const terms = arraysIn(reference("matmul")(...inFloat64(args, Math.abs)));
      const bound = gamma((A.shape[2] as number) + 1, A.dtype);
      return terms.map((sums) => Float64Array.from(sums, (s) => 2 * bound * s));
    },
  },
];
