import type { Strided } from "@lodo/tensor";
import { constantFrom, record, subarray, tuple } from "fast-check";
import { gamma, shapes } from "../extents.ts";
import { arraysIn, inFloat64, type KernelCases, reference } from "../kernelCases.ts";
import { dtypes, viewOf } from "../views.ts";

const calls = (kinds: readonly ("ordinary" | "integers" | "nonfinite" | "special" | "wide")[]) =>
  record({ shape: shapes, dtype: dtypes, numbers: constantFrom(...kinds) }).chain(({ shape, dtype, numbers }) =>
    tuple(viewOf(shape, { dtype, numbers }), subarray(shape.map((_, d) => d))),
  );

export const reductionCases: readonly KernelCases[] = [
  {
    kernel: "sum",
    calls: calls(["ordinary", "integers", "nonfinite"]),
    // n − 1 additions in any order, on both sides: each within γₙ₋₁ Σ|x| of the exact sum.
    tolerance: (args, [expected]) => {
      const x = args[0] as Strided;
      const terms = x.size / Math.max(1, (expected as ArrayLike<number>).length);
      const bound = 2 * gamma(terms, x.dtype);
      return arraysIn(reference("sum")(...inFloat64(args, Math.abs))).map((sums) => Float64Array.from(sums, (s) => bound * s));
    },
  },
  { kernel: "max", calls: calls(["ordinary", "integers", "special", "wide"]), tolerance: "exact" },
];
