import fc from "fast-check";
import { array, type Filter, type Images, mul, sum, type Tensor, tensor } from "../src/index.ts";

type Four = readonly [number, number, number, number];

/** Whole numbers up to 4: sums of their products are exact in any order, so that identities hold to the bit. */
export const whole = <const S extends readonly number[]>(shape: S): fc.Arbitrary<Tensor<{ readonly [K in keyof S]: number }>> => {
  const size = shape.reduce((p, q) => p * q, 1);
  return fc.array(fc.integer({ min: -4, max: 4 }), { minLength: size, maxLength: size }).map((data) => tensor(data, shape));
};

/** Strides, and padding of each kind. */
export const moves: fc.Arbitrary<{ readonly stride: readonly [number, number]; readonly padding: Padding }> = fc.record({
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  padding: fc.oneof(fc.constant("same" as const), fc.constant("valid" as const), fc.tuple(sides(), sides())),
});
type Padding = "same" | "valid" | readonly [readonly [number, number], readonly [number, number]];
function sides(): fc.Arbitrary<[number, number]> {
  return fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
}

/** Shapes of images and a filter [kh, kw, c / groups, co] that fits on them without padding. */
export const shapes: fc.Arbitrary<{ readonly x: Four; readonly filter: Four; readonly groups: number }> = fc
  .record({
    n: fc.integer({ min: 0, max: 2 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    more: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
    groups: fc.integer({ min: 1, max: 3 }),
    channels: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 })),
  })
  .map(({ n, kernel: [kh, kw], more, groups, channels: [cig, cog] }) => ({
    x: [n, kh + more[0], kw + more[1], groups * cig],
    filter: [kh, kw, cig, groups * cog],
    groups,
  }));

/** Images and a filter on them. */
export const convolutions: fc.Arbitrary<{
  readonly x: Images;
  readonly filter: Filter;
  readonly options: { readonly stride: readonly [number, number]; readonly padding: Padding; readonly groups: number };
}> = fc
  .tuple(shapes, moves)
  .chain(([s, m]) => fc.record({ x: whole(s.x), filter: whole(s.filter), options: fc.constant({ ...m, groups: s.groups }) }));

export const inner = (x: Tensor, y: Tensor): number => array(sum(mul(x, y)))[0] as number;
