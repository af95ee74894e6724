import type { Strided } from "@lodo/tensor";
import fc from "fast-check";
import { it } from "vitest";
import { absolute, draws, expectWithin, gamma, here, laid, reference } from "./agreement.ts";
import { depthwise, dtypes, lies } from "./geometries.ts";

// Bounds as in convolution.test.ts.

it("depthwiseConv2d agrees with its reference within the error of its sums", () => {
  fc.assert(
    fc.property(depthwise, dtypes, lies, lies, fc.integer(), ({ input, filter, geometry }, dtype, lie, other, seed) => {
      const next = draws(seed);
      const [x, f] = [laid(input, dtype, next, lie), laid(filter, dtype, next, other)];
      const expected = reference("depthwiseConv2d")(x, f, geometry) as Strided;
      const scale = reference("depthwiseConv2d")(absolute(x), absolute(f), geometry) as Strided;
      expectWithin(here("depthwiseConv2d")(x, f, geometry), expected, gamma(filter[0] * filter[1] + 2, dtype), scale);
    }),
    { numRuns: 500 },
  );
});

it("depthwiseConv2dInputGradient agrees with its reference within the error of its sums", () => {
  fc.assert(
    fc.property(depthwise, dtypes, lies, lies, fc.integer(), ({ input, filter, output, geometry }, dtype, lie, other, seed) => {
      const next = draws(seed);
      const [ct, f] = [laid(output, dtype, next, lie), laid(filter, dtype, next, other)];
      const expected = reference("depthwiseConv2dInputGradient")(ct, f, geometry, input) as Strided;
      const scale = reference("depthwiseConv2dInputGradient")(absolute(ct), absolute(f), geometry, input) as Strided;
      const terms = filter[0] * filter[1] * filter[3];
      expectWithin(here("depthwiseConv2dInputGradient")(ct, f, geometry, input), expected, gamma(terms + 2, dtype), scale);
    }),
    { numRuns: 500 },
  );
});

it("depthwiseConv2dFilterGradient agrees with its reference within the error of its sums", () => {
  fc.assert(
    fc.property(depthwise, dtypes, lies, lies, fc.integer(), ({ input, filter, output, geometry }, dtype, lie, other, seed) => {
      const next = draws(seed);
      const [x, ct] = [laid(input, dtype, next, lie), laid(output, dtype, next, other)];
      const expected = reference("depthwiseConv2dFilterGradient")(x, ct, geometry, filter) as Strided;
      const scale = reference("depthwiseConv2dFilterGradient")(absolute(x), absolute(ct), geometry, filter) as Strided;
      const terms = output[0] * output[1] * output[2];
      expectWithin(here("depthwiseConv2dFilterGradient")(x, ct, geometry, filter), expected, gamma(terms + 2, dtype), scale);
    }),
    { numRuns: 500 },
  );
});
