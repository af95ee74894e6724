import type { Conv2dGeometry, DType, Extents4 } from "@lodo/tensor";
import fc from "fast-check";
import type { Lie } from "./agreement.ts";

export const dtypes: fc.Arbitrary<DType> = fc.constantFrom<DType>("float64", "float32");
export const lies: fc.Arbitrary<Lie> = fc.record({ heaped: fc.boolean(), reversed: fc.boolean() });

interface Axis {
  readonly n: number;
  readonly window: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

/** Along one axis at least one window fits. */
const axes: fc.Arbitrary<Axis> = fc
  .record({
    n: fc.integer({ min: 1, max: 11 }),
    window: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 3 }),
    before: fc.nat({ max: 5 }),
    after: fc.nat({ max: 5 }),
  })
  .filter(({ n, window, before, after }) => n + before + after >= window);

/** Where a window goes, and the image and the window it was drawn for. */
export interface Placed {
  readonly image: readonly [height: number, width: number];
  readonly window: readonly [number, number];
  readonly geometry: Conv2dGeometry;
  readonly places: readonly [number, number];
}

const places = ({ n, window, stride, before, after }: Axis): number => Math.floor((n + before + after - window) / stride) + 1;

const placed = (y: Axis, x: Axis, groups: number): Placed => ({
  image: [y.n, x.n],
  window: [y.window, x.window],
  geometry: { stride: [y.stride, x.stride], padding: [y.before, y.after, x.before, x.after], groups },
  places: [places(y), places(x)],
});

/** A convolution's shapes. */
export interface Convolved extends Placed {
  readonly input: Extents4;
  readonly filter: Extents4;
  readonly output: Extents4;
}

/** Any placement, or the ones with loops of their own: 3×3 and 1×1, "same", a stride of 1 or 2. */
const placements: fc.Arbitrary<readonly [Axis, Axis]> = fc.oneof(
  fc.tuple(axes, axes),
  fc
    .record({
      height: fc.integer({ min: 3, max: 12 }),
      width: fc.integer({ min: 3, max: 12 }),
      window: fc.constantFrom(1, 3),
      stride: fc.constantFrom(1, 2),
    })
    .map(({ height, width, window, stride }) => {
      const around = { window, stride, before: (window - 1) / 2, after: (window - 1) / 2 };
      return [
        { n: height, ...around },
        { n: width, ...around },
      ] as const;
    }),
);

export const convolutions: fc.Arbitrary<Convolved> = fc
  .record({
    n: fc.nat({ max: 3 }),
    placement: placements,
    groups: fc.constantFrom(1, 1, 2, 3),
    ci: fc.integer({ min: 1, max: 6 }),
    co: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 12, 17),
  })
  .map(({ n, placement, groups, ci, co }) => {
    const at = placed(...placement, groups);
    return {
      ...at,
      input: [n, ...at.image, ci * groups],
      filter: [...at.window, ci, co * groups],
      output: [n, ...at.places, co * groups],
    };
  });

export const depthwise: fc.Arbitrary<Convolved> = fc
  .record({
    n: fc.nat({ max: 3 }),
    placement: placements,
    c: fc.integer({ min: 1, max: 9 }),
    m: fc.constantFrom(1, 2, 3, 3, 4),
  })
  .map(({ n, placement, c, m }) => {
    const at = placed(...placement, c);
    return { ...at, input: [n, ...at.image, c], filter: [...at.window, c, m], output: [n, ...at.places, c * m] };
  });

/** Padding narrower than the window, as pools have it. */
export const pools: fc.Arbitrary<Omit<Convolved, "filter">> = fc
  .record({ n: fc.nat({ max: 3 }), y: axes, x: axes, c: fc.integer({ min: 1, max: 9 }) })
  .filter(({ y, x }) => [y, x].every((axis) => axis.before < axis.window && axis.after < axis.window))
  .map(({ n, y, x, c }) => {
    const at = placed(y, x, 1);
    return { ...at, input: [n, ...at.image, c], output: [n, ...at.places, c] };
  });
