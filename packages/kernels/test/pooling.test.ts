import type { Strided } from "@lodo/tensor";
import fc from "fast-check";
import { expect, it } from "vitest";
import { absolute, draws, expectWithin, gamma, here, laid, numbers, reference } from "./agreement.ts";
import { dtypes, lies, pools } from "./geometries.ts";

interface MaxPooled {
  readonly out: Strided;
  readonly positions: Int32Array;
}

it("avgPool2d agrees with its reference within the error of its sums", () => {
  fc.assert(
    fc.property(pools, dtypes, lies, fc.integer(), ({ input, window, geometry }, dtype, lie, seed) => {
      const x = laid(input, dtype, draws(seed), lie);
      const pool = { ...geometry, window };
      const scale = reference("avgPool2d")(absolute(x), pool) as Strided;
      expectWithin(here("avgPool2d")(x, pool), reference("avgPool2d")(x, pool), gamma(window[0] * window[1] + 2, dtype), scale);
    }),
    { numRuns: 300 },
  );
});

it("avgPool2dGradient agrees with its reference within the error of its sums", () => {
  fc.assert(
    fc.property(pools, dtypes, lies, fc.integer(), ({ input, output, window, geometry }, dtype, lie, seed) => {
      const ct = laid(output, dtype, draws(seed), lie);
      const pool = { ...geometry, window };
      const scale = reference("avgPool2dGradient")(absolute(ct), pool, input) as Strided;
      const actual = here("avgPool2dGradient")(ct, pool, input) as Strided;
      expectWithin(actual, reference("avgPool2dGradient")(ct, pool, input), gamma(window[0] * window[1] + 2, dtype), scale);
    }),
    { numRuns: 300 },
  );
});

it("maxPool2d finds the reference's maxima and positions, at ties, infinities and NaN too", () => {
  const few = [-1, -0, 0, 0.5, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  fc.assert(
    fc.property(pools, dtypes, lies, fc.boolean(), fc.integer(), ({ input, window, geometry }, dtype, lie, special, seed) => {
      const next = draws(seed);
      const x = laid(input, dtype, special ? () => few[Math.floor((next() + 1) * 4)] as number : next, lie);
      const pool = { ...geometry, window };
      const [actual, expected] = [here("maxPool2d")(x, pool) as MaxPooled, reference("maxPool2d")(x, pool) as MaxPooled];
      expect(numbers(actual.out)).toEqual(numbers(expected.out));
      expect(actual.positions).toEqual(expected.positions);
    }),
    { numRuns: 500 },
  );
});
