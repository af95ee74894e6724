import fc from "fast-check";
import { expect, it } from "vitest";
import { phasesAlong } from "../src/families/phases.ts";

it("phases cover every pixel once, in as many as there are pixels at most, however long the stride", () => {
  const strides = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(2 ** 31, 2 ** 45));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }), strides, fc.nat(6), (n, k, stride, before) => {
      const phases = phasesAlong(n, k, stride, before);
      const pixels = phases.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i * stride));
      expect(pixels.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      for (const { first, taps, last } of phases) {
        const p = (first + before) % stride;
        expect([taps, last]).toEqual([Math.max(0, Math.ceil((k - p) / stride)), p + stride * (taps - 1)]);
      }
    }),
  );
});
