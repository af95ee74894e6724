import type { DType, Extents4, Strided } from "@lodo/tensor";
import { type Arbitrary, constantFrom, tuple } from "fast-check";
import { gamma } from "../extents.ts";
import { arraysIn, inFloat64, type KernelCases, reference } from "../kernelCases.ts";
import { dtypes, viewOf } from "../views.ts";
import { type Convolved, convolutions, depthwiseConvolutions } from "../windows.ts";

/**
 * Both are within γ_{k+1} Σ|a||b| of the exact sum of k products, as for matmul. A border may be left out or be zeros: where the numbers that would
 * meet it are not finite the two differ, so those that meet it are finite.
 */
function withinSums(kernel: string, terms: (first: Extents4, second: Extents4) => number): Pick<KernelCases, "kernel" | "tolerance"> {
  const tolerance = (args: readonly unknown[]): readonly Float64Array[] => {
    const [first, second] = args as readonly [Strided, Strided];
    const k = terms(first.shape as unknown as Extents4, second.shape as unknown as Extents4);
    const bound = gamma(k + 1, first.dtype as DType);
    return arraysIn(reference(kernel)(...inFloat64(args, Math.abs))).map((sums) => Float64Array.from(sums, (s) => 2 * bound * s));
  };
  return { kernel, tolerance };
}

/** A convolution, its transpose in the images, and its transpose in the filter. */
function family(name: string, drawn: Arbitrary<Convolved>): readonly KernelCases[] {
  const calls = (build: (shapes: Convolved, dtype: DType, numbers: "ordinary" | "nonfinite") => Arbitrary<readonly unknown[]>) =>
    tuple(drawn, dtypes, constantFrom("ordinary", "ordinary", "nonfinite" as const)).chain((drawn) => build(...drawn));
  return [
    {
      ...withinSums(name, (_, [kh, kw, ci]) => kh * kw * ci),
      calls: calls(({ input, filter, geometry }, dtype, numbers) =>
        tuple(viewOf(input, { dtype, numbers }), viewOf(filter, { dtype })).map((views) => [...views, geometry]),
      ),
    },
    {
      ...withinSums(`${name}InputGradient`, (_, [kh, kw, , co]) => kh * kw * co),
      calls: calls(({ input, filter, output, geometry }, dtype, numbers) =>
        tuple(viewOf(output, { dtype, numbers }), viewOf(filter, { dtype })).map((views) => [...views, geometry, input]),
      ),
    },
    {
      ...withinSums(`${name}FilterGradient`, (_, [n, oh, ow]) => n * oh * ow),
      calls: calls(({ input, filter, output, geometry }, dtype, numbers) =>
        tuple(viewOf(input, { dtype, numbers }), viewOf(output, { dtype })).map((views) => [...views, geometry, filter]),
      ),
    },
  ];
}

export const convolutionCases: readonly KernelCases[] = [
  ...family("conv2d", convolutions),
  ...family("depthwiseConv2d", depthwiseConvolutions),
];
