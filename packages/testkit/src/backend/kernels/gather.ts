import { createRng } from "@lodo/tensor";
import { integer, record, tuple } from "fast-check";
import { extent } from "../extents.ts";
import type { KernelCases } from "../kernelCases.ts";
import { dtypes, viewOf } from "../views.ts";

const drawn = record({
  shape: integer({ min: 1, max: 3 }).chain((rank) => tuple(...Array.from({ length: rank }, () => extent(rank === 1 ? 300 : 9)))),
  axis: integer({ min: 0, max: 2 }),
  size: integer({ min: 1, max: 40 }),
  count: extent(70),
  dtype: dtypes,
  seed: integer({ min: 0 }),
}).map(({ axis, shape, ...rest }) => ({ shape, axis: axis % shape.length, ...rest }));

const indices = (count: number, size: number, seed: number): Int32Array => {
  const rng = createRng(seed);
  return Int32Array.from({ length: count }, () => rng.integer(size));
};

/** What an index list moves, along any axis: each index any number of times. */
export const gatherCases: readonly KernelCases[] = [
  {
    kernel: "gather",
    calls: drawn.chain(({ shape, axis, size, count, dtype, seed }) =>
      viewOf(shape.with(axis, size), { dtype, numbers: "special" }).map((x) => [x, indices(count, size, seed), axis]),
    ),
    tolerance: "exact",
  },
  {
    kernel: "scatterAdd",
    // Added up in the order of the list, in the dtype: the same bits.
    calls: drawn.chain(({ shape, axis, size, dtype, seed }) =>
      viewOf(shape, { dtype, numbers: "special" }).map((x) => [x, indices(shape[axis] as number, size, seed), axis, size]),
    ),
    tolerance: "exact",
  },
];
