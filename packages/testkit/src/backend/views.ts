import { createRng, type Data, type DType, forEachIndex, type Rng, type Strided, view } from "@lodo/tensor";
import { type Arbitrary, array as arrayOf, constant, constantFrom, integer, oneof, record, shuffledSubarray } from "fast-check";

/** A strided view as plain data. */
export interface ViewData {
  readonly kind: "view";
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The axes from the outermost in memory to the innermost. */
  readonly order: readonly number[];
  /** For each axis: how many numbers further its next index is, in units of the axes inside of it; 0 repeats, negative walks backwards. */
  readonly step: readonly number[];
  /** Numbers before the first of the view. */
  readonly offset: number;
  /** Where its numbers are drawn from: a name of `numbersOf`. */
  readonly numbers: keyof typeof numbersOf;
  readonly seed: number;
}

const SPECIAL: readonly number[] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 2 ** 100, 2 ** -140];

type Draw = (rng: Rng) => number;
const signed: Draw = (rng) => (rng.uniform() < 0.5 ? -1 : 1);
const ordinary: Draw = (rng) => signed(rng) * (0.25 + 1.75 * rng.uniform());

/** Kinds of numbers. */
export const numbersOf: Readonly<Record<"ordinary" | "positive" | "integers" | "special" | "nonfinite" | "tens" | "wide", Draw>> = {
  ordinary,
  positive: (rng) => 0.25 + 1.75 * rng.uniform(),
  /** Small integers: ties are common, and sums exact. */
  integers: (rng) => rng.integer(5) - 2,
  /** NaN, infinities, zeros of both signs and what float32 cannot hold, among ordinary numbers. */
  special: (rng) => (rng.uniform() < 0.4 ? (SPECIAL[rng.integer(SPECIAL.length)] as number) : ordinary(rng)),
  /** NaN, infinities and zeros among ordinary numbers: no sum of them overflows. */
  nonfinite: (rng) => (rng.uniform() < 0.1 ? (SPECIAL[rng.integer(5)] as number) : ordinary(rng)),
  /** Up to ±100: where exponentials overflow float32, and beyond. */
  tens: (rng) => 100 * (2 * rng.uniform() - 1),
  /** Of every magnitude between 2⁻⁹⁰ and 2⁹⁰. */
  wide: (rng) => signed(rng) * (1 + rng.uniform()) * 2 ** (rng.integer(181) - 90),
};

export interface ViewOptions {
  readonly dtype: DType;
  readonly numbers?: keyof typeof numbersOf;
  /** May an axis stand still? An output's view may not. */
  readonly repeats?: boolean;
}

/** Views of a shape: dense ones, arbitrary ones, and where an axis may stand still, one number or one row over and over. */
export function viewOf(shape: readonly number[], { dtype, numbers = "ordinary", repeats = true }: ViewOptions): Arbitrary<ViewData> {
  const axes = shape.map((_, d) => d);
  const dense = constant({ order: axes, step: axes.map(() => 1) });
  const strided = record({
    order: shuffledSubarray(axes, { minLength: axes.length, maxLength: axes.length }),
    step: arrayOf(constantFrom(1, 1, 1, -1, 2, -3, ...(repeats ? [0] : [])), { minLength: axes.length, maxLength: axes.length }),
  });
  const number = constant({ order: axes, step: axes.map(() => 0) });
  const row = constant({ order: axes, step: axes.map((d) => (d === axes.length - 1 ? 1 : 0)) });
  return record({
    layout: oneof(dense, dense, strided, ...(repeats ? [number, row] : [strided])),
    offset: integer({ min: 0, max: 5 }),
    seed: integer({ min: 0, max: 2 ** 30 }),
  }).map(({ layout, offset, seed }) => ({ kind: "view", dtype, shape, ...layout, offset, numbers, seed }));
}

/** Memory for numbers of a dtype. */
export type Allocate = (dtype: DType, size: number) => Data;

export const ordinaryMemory: Allocate = (dtype, size) => (dtype === "float64" ? new Float64Array(size) : new Float32Array(size));

export const strided = (data: Data, shape: readonly number[], stride: readonly number[], offset: number): Strided =>
  view({ data } as Strided, shape, stride, offset);

/** Numbers in row-major order. */
export const dense = (data: Data, shape: readonly number[]): Strided =>
  strided(
    data,
    shape,
    shape.map((_, d) => shape.slice(d + 1).reduce((a, n) => a * n, 1)),
    0,
  );

/** The view, on memory that holds NaN wherever the view does not look. */
export function buildView({ dtype, shape, order, step, offset, numbers, seed }: ViewData, allocate: Allocate): Strided {
  const stride = shape.map(() => 0);
  let unit = 1;
  for (const d of order.toReversed()) {
    stride[d] = (step[d] as number) * unit;
    unit *= Math.max(1, Math.abs(step[d] as number) * (shape[d] as number));
  }
  const first = stride.reduce((at, s, d) => (s < 0 ? at - s * Math.max(0, (shape[d] as number) - 1) : at), offset);
  const data = allocate(dtype, offset + unit + 3);
  data.fill(Number.NaN);
  const rng = createRng(seed);
  const built = strided(data, shape, stride, first);
  forEachIndex(built, (at) => {
    data[at] = numbersOf[numbers](rng);
  });
  return built;
}

export const dtypes: Arbitrary<DType> = constantFrom("float32", "float64");
