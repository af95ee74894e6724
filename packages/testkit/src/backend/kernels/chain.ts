import { chainBackwardKernel, chainForwardKernel, chainGramBackwardKernel, chainGramForwardKernel } from "@lodo/preconditioner";
import { createRng, type DType, epsilon, permutation, type Strided } from "@lodo/tensor";
import { type Arbitrary, boolean, constantFrom, integer, record } from "fast-check";
import { arraysIn, inFloat64, type KernelCases, reference } from "../kernelCases.ts";
import { dtypes, type ViewData, viewOf } from "../views.ts";

interface Drawn {
  readonly permutations: readonly Int32Array[];
  readonly θ: ViewData;
  readonly v: ViewData;
  readonly saved: ViewData;
}

/** N layers of b blocks of k, a vector, and what the forward pass could have saved of one way or two. */
const drawn = (ways: 1 | 2): Arbitrary<Drawn> =>
  record({
    N: integer({ min: 0, max: 4 }),
    b: constantFrom(0, 1, 2, 3, 5, 51, 300),
    k: constantFrom(1, 2, 3, 4, 4, 5, 8),
    dtype: dtypes,
    seed: integer({ min: 0 }),
  }).chain(({ N, b, k, dtype, seed }) => {
    const lists = Array.from({ length: N }, (_, i) => permutation(createRng(seed).split(i), b * k));
    const rows = ways === 1 ? [N, b * k] : [2, N, b * k];
    return record({
      θ: viewOf([N, b, k, k], { dtype }),
      v: viewOf([b * k], { dtype }),
      // As a forward pass leaves it.
      saved: viewOf(rows, { dtype }).map((view) => ({ ...view, order: rows.map((_, d) => d), step: rows.map(() => 1) })),
    }).map((views) => ({ permutations: lists, ...views }));
  });

/**
 * A layer rounds k products and k − 1 sums, here and in the reference, and hands its error on; `ways` chains of N layers and one more product make up
 * what is returned. The same sums over |θ| and |v| bound the terms.
 */
const withinRounding =
  ({ kernelName }: { readonly kernelName: string }, θAt: number, ways: number): KernelCases["tolerance"] =>
  (args) => {
    const θ = args[θAt] as Strided;
    const [N, , k] = θ.shape as [number, number, number];
    const bound = (2 * ways * N * (k + 1) + 3) * epsilon[θ.dtype as DType];
    return arraysIn(reference(kernelName)(...inFloat64(args, Math.abs))).map((sizes) => Float64Array.from(sizes, (s) => bound * s));
  };

const chains = (build: (chain: unknown, drawn: Drawn) => readonly unknown[]): Arbitrary<readonly unknown[]> =>
  record({ drawn: drawn(1), transposed: boolean() }).map(({ drawn, transposed }) =>
    build({ permutations: drawn.permutations, transposed }, drawn),
  );

export const chainCases: readonly KernelCases[] = [
  {
    kernel: chainForwardKernel.kernelName,
    calls: chains((chain, { θ, v }) => [chain, θ, v]),
    tolerance: withinRounding(chainForwardKernel, 1, 1),
  },
  {
    kernel: chainBackwardKernel.kernelName,
    calls: chains((chain, { θ, v, saved }) => [chain, v, θ, saved]),
    tolerance: withinRounding(chainBackwardKernel, 2, 1),
  },
  {
    kernel: chainGramForwardKernel.kernelName,
    calls: drawn(2).map(({ permutations, θ, v }) => [permutations, θ, v]),
    tolerance: withinRounding(chainGramForwardKernel, 1, 2),
  },
  {
    kernel: chainGramBackwardKernel.kernelName,
    calls: drawn(2).map(({ permutations, θ, v, saved }) => [permutations, v, θ, saved]),
    tolerance: withinRounding(chainGramBackwardKernel, 2, 2),
  },
];
