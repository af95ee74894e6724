import { residualChainBackwardKernel, residualChainForwardKernel } from "@lodo/preconditioner";
import { createRng, permutation } from "@lodo/tensor";
import { type Arbitrary, boolean, constantFrom, integer, record } from "fast-check";
import type { KernelCases } from "../kernelCases.ts";
import { dtypes, type ViewData, viewOf } from "../views.ts";

interface Drawn {
  readonly chain: { readonly permutations: readonly Int32Array[]; readonly transposed: boolean };
  readonly W: ViewData;
  readonly v: ViewData;
  readonly saved: ViewData;
}

/** N layers on ñ units, a vector, and what the forward pass could have saved. */
const drawn: Arbitrary<Drawn> = record({
  N: integer({ min: 0, max: 4 }),
  ñ: constantFrom(0, 1, 2, 3, 4, 5, 8, 51, 300),
  dtype: dtypes,
  numbers: constantFrom("ordinary", "special", "wide"),
  transposed: boolean(),
  seed: integer({ min: 0 }),
}).chain(({ N, ñ, dtype, numbers, transposed, seed }) => {
  const permutations = Array.from({ length: N }, (_, i) => permutation(createRng(seed).split(i), ñ));
  return record({
    W: viewOf([N, ñ], { dtype, numbers }),
    v: viewOf([ñ], { dtype, numbers }),
    // As a forward pass leaves it.
    saved: viewOf([N, ñ], { dtype, numbers }).map((view) => ({ ...view, order: [0, 1], step: [1, 1] })),
  }).map((views) => ({ chain: { permutations, transposed }, ...views }));
});

/** A layer rounds a product and then a sum, nothing else, here and in the reference: the same bits. */
export const residualChainCases: readonly KernelCases[] = [
  {
    kernel: residualChainForwardKernel.kernelName,
    calls: drawn.map(({ chain, W, v }) => [chain, W, v]),
    tolerance: "exact",
  },
  {
    kernel: residualChainBackwardKernel.kernelName,
    calls: drawn.map(({ chain, W, v, saved }) => [chain, v, W, saved]),
    tolerance: "exact",
  },
];
