import type { Strided } from "@lodo/tensor";
import fc from "fast-check";
import { it } from "vitest";
import { absolute, draws, expectWithin, gamma, here, laid, reference } from "./agreement.ts";
import { convolutions, dtypes, lies } from "./geometries.ts";

// A sum of k products, each number of it rounded once as a product and at most k − 1 times as part of a sum, whatever the order; then the
// reference's own rounding. Zeros of a border change nothing.

it("conv2d agrees with its reference within the error of its sums", () => {
  fc.assert(
    fc.property(convolutions, dtypes, lies, lies, fc.integer(), ({ input, filter, geometry }, dtype, lie, other, seed) => {
      const next = draws(seed);
      const [x, f] = [laid(input, dtype, next, lie), laid(filter, dtype, next, other)];
      const expected = reference("conv2d")(x, f, geometry) as Strided;
      const scale = reference("conv2d")(absolute(x), absolute(f), geometry) as Strided;
      expectWithin(here("conv2d")(x, f, geometry), expected, gamma(filter[0] * filter[1] * filter[2] + 2, dtype), scale);
    }),
    { numRuns: 500 },
  );
});

it("conv2dInputGradient agrees with its reference within the error of its sums", () => {
  fc.assert(
    fc.property(convolutions, dtypes, lies, lies, fc.integer(), ({ input, filter, output, geometry }, dtype, lie, other, seed) => {
      const next = draws(seed);
      const [ct, f] = [laid(output, dtype, next, lie), laid(filter, dtype, next, other)];
      const expected = reference("conv2dInputGradient")(ct, f, geometry, input) as Strided;
      const scale = reference("conv2dInputGradient")(absolute(ct), absolute(f), geometry, input) as Strided;
      const terms = (filter[0] * filter[1] * filter[3]) / geometry.groups;
      expectWithin(here("conv2dInputGradient")(ct, f, geometry, input), expected, gamma(terms + 2, dtype), scale);
    }),
    { numRuns: 500 },
  );
});

it("conv2dFilterGradient agrees with its reference within the error of its sums", () => {
  fc.assert(
    fc.property(convolutions, dtypes, lies, lies, fc.integer(), ({ input, filter, output, geometry }, dtype, lie, other, seed) => {
      const next = draws(seed);
      const [x, ct] = [laid(input, dtype, next, lie), laid(output, dtype, next, other)];
      const expected = reference("conv2dFilterGradient")(x, ct, geometry, filter) as Strided;
      const scale = reference("conv2dFilterGradient")(absolute(x), absolute(ct), geometry, filter) as Strided;
      const terms = output[0] * output[1] * output[2];
      expectWithin(here("conv2dFilterGradient")(x, ct, geometry, filter), expected, gamma(terms + 2, dtype), scale);
    }),
    { numRuns: 500 },
  );
});
