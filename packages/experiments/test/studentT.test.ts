import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { studentInterval, studentQuantile, studentWithin } from "../src/experiments/studentT.ts";

describe("Student's t", () => {
  // Abramowitz & Stegun, Table 26.10, which has three decimals; A(t|ν) = 0.95 and 0.99
  it.each([
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 3, 3.182],
    [0.95, 4, 2.776],
    [0.95, 7, 2.365],
    [0.95, 30, 2.042],
    [0.99, 3, 5.841],
    [0.99, 10, 3.169],
    [0.5, 5, 0.727],
  ])("has %d of all cases with %i degrees of freedom within %d", (level, ν, quantile) => {
    expect(Math.abs(studentQuantile(level, ν) - quantile)).toBeLessThanOrEqual(0.0005);
  });

  it("has a share within any quantile that is the level asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 50 }), (thousandths, ν) => {
        const level = thousandths / 1000;
        // The sum has at most 25 terms, each of a few roundings; near the quantile the share moves by less than x moves.
        expect(Math.abs(studentWithin(studentQuantile(level, ν), ν) - level)).toBeLessThan(100 * Number.EPSILON);
      }),
    );
  });

  it("is Cauchy's distribution at one degree of freedom: half of all cases lie within 1", () => {
    expect(studentQuantile(0.5, 1)).toBeCloseTo(1, 14);
  });
});

describe("an interval", () => {
  it("is the mean ± t s/√n: of 1, 2, 3, 4 at 95%, 2.5 ± 3.1824 · 1.2910/2", () => {
    const { mean, half } = studentInterval([1, 2, 3, 4], 0.95) as { mean: number; half: number };
    expect(mean).toBe(2.5);
    expect(Math.abs(half - 2.0543)).toBeLessThan(0.0001);
  });

  it("is infinite for one value, of width 0 for equal ones, and none for none", () => {
    expect(studentInterval([3], 0.95)).toEqual({ mean: 3, half: Number.POSITIVE_INFINITY });
    expect(studentInterval([3, 3], 0.95)).toEqual({ mean: 3, half: 0 });
    expect(studentInterval([], 0.95)).toBeNull();
  });
});
