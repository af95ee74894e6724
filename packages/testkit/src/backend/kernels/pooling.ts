import type { PoolGeometry, Strided } from "@lodo/tensor";
import { type Arbitrary, constantFrom, tuple } from "fast-check";
import { gamma } from "../extents.ts";
import { arraysIn, inFloat64, type KernelCases, reference } from "../kernelCases.ts";
import { dtypes, type numbersOf, viewOf } from "../views.ts";
import { pools } from "../windows.ts";

const calls = (of: "input" | "output", kinds: readonly (keyof typeof numbersOf)[]): Arbitrary<readonly unknown[]> =>
  tuple(pools, dtypes, constantFrom(...kinds)).chain(([{ window, geometry, ...shapes }, dtype, numbers]) =>
    viewOf(shapes[of], { dtype, numbers }).map((x) => [x, { ...geometry, window }, ...(of === "output" ? [shapes.input] : [])]),
  );

/** Both are within γ_{k+1} of the mean of magnitudes: at most as many terms as a window has, the division, the reference's rounding. */
const withinMeans = (kernel: string): Pick<KernelCases, "kernel" | "tolerance"> => ({
  kernel,
  tolerance: (args) => {
    const [x, { window }] = args as [Strided, PoolGeometry];
    const bound = gamma(window[0] * window[1] + 1, x.dtype as "float32" | "float64");
    return arraysIn(reference(kernel)(...inFloat64(args, Math.abs))).map((means) => Float64Array.from(means, (m) => 2 * bound * m));
  },
});

export const poolingCases: readonly KernelCases[] = [
  { ...withinMeans("avgPool2d"), calls: calls("input", ["ordinary", "ordinary", "nonfinite"]) },
  { ...withinMeans("avgPool2dGradient"), calls: calls("output", ["ordinary", "ordinary", "nonfinite"]) },
  { kernel: "maxPool2d", calls: calls("input", ["ordinary", "integers", "special", "wide"]), tolerance: "exact" },
];
