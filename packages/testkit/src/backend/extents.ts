import { type DType, epsilon } from "@lodo/tensor";
import { type Arbitrary, array, constantFrom, integer, oneof } from "fast-check";

/** γₖ = k u / (1 − k u), with u = ε/2, the largest relative error of one rounding: what k roundings can amount to. */
export const gamma = (k: number, dtype: DType): number => (k * epsilon[dtype]) / 2 / (1 - (k * epsilon[dtype]) / 2);

/** An extent up to `most`: 0, 1, around the widths of vectors and tiles, or any. */
export const extent = (most: number): Arbitrary<number> =>
  oneof(constantFrom(...[0, 1, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17].filter((n) => n <= most)), integer({ min: 0, max: most }));

/** Shapes of any rank up to 4, and long vectors. */
export const shapes: Arbitrary<readonly number[]> = oneof(
  array(extent(9), { maxLength: 4 }),
  integer({ min: 0, max: 3000 }).map((n) => [n]),
  integer({ min: 1, max: 90 }).chain((m) => integer({ min: 1, max: 40 }).map((n) => [m, n])),
);
