import {
  type Arena,
  array,
  createArena,
  flip,
  full,
  reshape,
  type Shape,
  slice,
  type Tensor,
  tensor,
  tensorsIn,
  transpose,
} from "@lodo/tensor";
import { Counterexample, expectSameBits } from "../counterexample.ts";
import { numbers, pulledBack } from "../derivatives.ts";
import type { Law } from "../law.ts";
import { transposed } from "../reference/operations.ts";
import { toPlain } from "../reference/plain.ts";
import type { Sample } from "../sample.ts";

/** The value of f, then its gradient, end to end. */
export const outcome = (sample: Sample, xs: readonly Tensor[]): readonly number[] => [
  ...numbers(sample.f(...xs)),
  ...numbers(pulledBack(sample)(...xs)),
];

const reversed = (shape: Shape): Shape => [...shape].reverse();

/** Other places in memory for the same numbers. What lies between them is NaN, so that reading it shows. */
export const layouts: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  transposed: (x) => transpose(tensor(transposed()(toPlain(x)).data, reversed(x.shape), { dtype: x.dtype })),
  sliced: (x) => {
    const wide = x.shape.map((n) => 2 * n + 1);
    const data = Float64Array.from(array(full(wide, Number.NaN)));
    const values = array(x);
    const places = array(
      slice(
        tensor(
          data.map((_, i) => i),
          wide,
        ),
        every(x.shape),
      ),
    );
    values.forEach((v, i) => {
      data[places[i] ?? 0] = v;
    });
    return slice(tensor(data, wide, { dtype: x.dtype }), every(x.shape));
  },
  reversed: (x) => flip(tensor([...array(x)].reverse(), x.shape, { dtype: x.dtype })),
  offset: (x) => {
    const wide = tensor([Number.NaN, ...array(x), Number.NaN], [x.size + 2], { dtype: x.dtype });
    return reshape(slice(wide, { start: [1], stop: [x.size + 1] }), x.shape);
  },
};

/** Every second index from 1 on. */
const every = (shape: Shape) => ({ start: shape.map(() => 1), stop: shape.map((n) => 2 * n + 1), step: shape.map(() => 2) });

export const layoutLaw: Law<Sample> = {
  name: "strided views give the bits of contiguous copies",
  check: (sample, rng) => {
    const xs = sample.inputs(rng);
    const expected = outcome(sample, xs);
    for (const [name, place] of Object.entries(layouts)) {
      expectSameBits(`value and gradient of ${sample.name}, inputs ${name}`, outcome(sample, xs.map(place)), expected);
    }
    return Object.keys(layouts).length;
  },
};

/** Fills what the pool hands out next, small sizes up to 64 numbers, with NaN. */
export function poison(arena: Arena): void {
  arena.run(
    () => {
      for (const dtype of ["float64", "float32"] as const)
        for (let n = 0; n <= 64; n++) for (let copy = 0; copy < 12; copy++) full([n], Number.NaN, { dtype });
    },
    () => [],
  );
}

const pooled = createArena();

export const arenaLaw: Law<Sample> = {
  name: "an arena of poisoned memory gives the bits of fresh memory",
  check: (sample, rng) => {
    const xs = sample.inputs(rng);
    const expected = outcome(sample, xs);
    poison(pooled);
    expectSameBits(
      `value and gradient of ${sample.name} in an arena`,
      pooled.run(() => outcome(sample, xs), tensorsIn),
      expected,
    );
    return 1;
  },
};

/** Same inputs, same bits, and the inputs as they were. */
export const purityLaw: Law<Sample> = {
  name: "inputs stay as they are, and the same inputs give the same bits",
  check: (sample, rng) => {
    const xs = sample.inputs(rng);
    const before = xs.map((x) => array(x));
    const once = outcome(sample, xs);
    expectSameBits(`${sample.name} a second time`, outcome(sample, xs), once);
    xs.forEach((x, k) => {
      expectSameBits(`input ${k} of ${sample.name} afterwards`, array(x), before[k] as Float64Array);
    });
    if (once.length !== numbers(sample.f(...xs)).length + xs.reduce((n, x) => n + x.size, 0)) {
      throw new Counterexample(`${sample.name}: a gradient has other extents than its input`);
    }
    return xs.length;
  },
};
