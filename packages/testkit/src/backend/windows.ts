import type { Conv2dGeometry, Extents4 } from "@lodo/tensor";
import { type Arbitrary, constantFrom, integer, nat, oneof, record, tuple } from "fast-check";

/** A window's places along one axis. */
interface Axis {
  readonly n: number;
  readonly window: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

/** Where a window goes on images, and the extents it was drawn for. */
interface Placed {
  readonly image: readonly [height: number, width: number];
  readonly window: readonly [number, number];
  readonly geometry: Conv2dGeometry;
  readonly places: readonly [number, number];
}

/** The shapes of a convolution. */
export interface Convolved extends Placed {
  readonly input: Extents4;
  readonly filter: Extents4;
  readonly output: Extents4;
}

/** The shapes of a pool. */
export interface Pooled extends Placed {
  readonly input: Extents4;
  readonly output: Extents4;
}

/** Any axis that a window fits on, be there more padding than image. */
const anyAxis: Arbitrary<Axis> = record({
  n: integer({ min: 1, max: 11 }),
  window: integer({ min: 1, max: 5 }),
  stride: integer({ min: 1, max: 3 }),
  before: nat({ max: 5 }),
  after: nat({ max: 5 }),
}).filter(({ n, window, before, after }) => n + before + after >= window);

/** An axis with a window of 1 or 3 and "same" padding: what networks have most, and backends have loops of their own for. */
const sameAxis = (window: number, stride: number, most: number): Arbitrary<Axis> =>
  integer({ min: 1, max: most }).map((n) => ({ n, window, stride, before: (window - 1) / 2, after: (window - 1) / 2 }));

const same = tuple(constantFrom(1, 3), constantFrom(1, 2));
const axes: Arbitrary<readonly [Axis, Axis]> = oneof(
  tuple(anyAxis, anyAxis),
  same.chain(([window, stride]) => tuple(sameAxis(window, stride, 12), sameAxis(window, stride, 12))),
  // Rows longer than what a backend may take at once.
  same.chain(([window, stride]) => tuple(sameAxis(window, stride, 2), sameAxis(window, stride, 150))),
);

function place([y, x]: readonly [Axis, Axis], groups: number): Placed {
  const places = ({ n, window, stride, before, after }: Axis): number => Math.floor((n + before + after - window) / stride) + 1;
  return {
    image: [y.n, x.n],
    window: [y.window, x.window],
    geometry: { stride: [y.stride, x.stride], padding: [y.before, y.after, x.before, x.after], groups },
    places: [places(y), places(x)],
  };
}

/** Few images of any kind, or many small ones. */
const batches: Arbitrary<readonly [n: number, axes: readonly [Axis, Axis]]> = oneof(
  tuple(nat({ max: 3 }), axes),
  tuple(nat({ max: 3 }), axes),
  tuple(
    integer({ min: 4, max: 40 }),
    same.chain(([window, stride]) => tuple(sameAxis(window, stride, 4), sameAxis(window, stride, 4))),
  ),
);

export const convolutions: Arbitrary<Convolved> = record({
  batch: batches,
  groups: constantFrom(1, 1, 2, 3),
  ci: integer({ min: 1, max: 6 }),
  co: constantFrom(1, 2, 3, 4, 5, 7, 8, 12, 17),
}).map(({ batch: [n, along], groups, ci, co }) => {
  const at = place(along, groups);
  return { ...at, input: [n, ...at.image, ci * groups], filter: [...at.window, ci, co * groups], output: [n, ...at.places, co * groups] };
});

/** Few images whose rows have three taps and a window at every pixel, fewer than a backend may take at once or more. */
const threeTaps: typeof batches = tuple(integer({ min: 1, max: 3 }), tuple(anyAxis, sameAxis(3, 1, 13)));

export const depthwiseConvolutions: Arbitrary<Convolved> = record({
  batch: oneof(batches, threeTaps),
  c: integer({ min: 1, max: 9 }),
  m: constantFrom(1, 2, 3, 3, 4),
}).map(({ batch: [n, along], c, m }) => {
  const at = place(along, c);
  return { ...at, input: [n, ...at.image, c], filter: [...at.window, c, m], output: [n, ...at.places, c * m] };
});

/** Padding is narrower than the window. */
export const pools: Arbitrary<Pooled> = record({ batch: batches, c: integer({ min: 1, max: 9 }) })
  .filter(({ batch: [, along] }) => along.every(({ window, before, after }) => before < window && after < window))
  .map(({ batch: [n, along], c }) => {
    const at = place(along, 1);
    return { ...at, input: [n, ...at.image, c], output: [n, ...at.places, c] };
  });
