import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curveRecorder } from "../src/experiments/curve.ts";
import { scoreWindow, type Windows, windowEnds } from "../src/windows.ts";

describe("windowEnds", () => {
  const windows: fc.Arbitrary<Windows> = fc.oneof(
    fc.constant({ spacing: "each" } as const),
    fc.record({ spacing: fc.constantFrom("log" as const, "linear" as const), count: fc.integer({ min: 1, max: 200 }) }),
  );

  it("rises strictly, from 1 or later to T", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), windows, (T, windows) => {
        const ends = windowEnds(T, windows);
        expect(ends.at(-1)).toBe(T);
        expect(ends[0]).toBeGreaterThanOrEqual(1);
        expect(ends.every((end, i) => Number.isInteger(end) && (i === 0 || end > (ends[i - 1] as number)))).toBe(true);
      }),
    );
  });

  it("has windows of equal length or ratio", () => {
    expect(windowEnds(3, { spacing: "each" })).toEqual([1, 2, 3]);
    expect(windowEnds(100, { spacing: "linear", count: 4 })).toEqual([25, 50, 75, 100]);
    expect(windowEnds(10_000, { spacing: "log", count: 4 })).toEqual([10, 100, 1000, 10_000]);
  });
});

describe("scoreWindow", () => {
  it("is 0.9 T < i < T", () => {
    expect(scoreWindow(200)).toEqual([181, 199]);
    expect(scoreWindow(100_000)).toEqual([90_001, 99_999]);
    fc.assert(
      fc.property(fc.integer({ min: 11, max: 10_000 }), (T) => {
        const scored = Array.from({ length: T }, (_, k) => k + 1).filter((i) => 10 * i > 9 * T && i < T);
        expect(scoreWindow(T)).toEqual([scored[0], scored.at(-1)]);
      }),
    );
  });
});

describe("curveRecorder", () => {
  it("averages over windows and leaves out one that is not full", () => {
    const recorder = curveRecorder([1, 3, 6]);
    for (const loss of [5, 1, 2, 10]) recorder.add(loss);
    expect(recorder.points).toEqual([
      { step: 1, loss: 5 },
      { step: 3, loss: 1.5 },
    ]);
  });

  it("counts a loss that is not finite, without having it in a mean", () => {
    const recorder = curveRecorder([1, 3, 4, 6]);
    for (const loss of [5, Number.NaN, 2, Number.POSITIVE_INFINITY, 10, 20]) recorder.add(loss);
    expect(recorder.points).toEqual([
      { step: 1, loss: 5 },
      { step: 3, loss: 2 },
      { step: 6, loss: 15 },
    ]);
  });

  it("goes on from the state of another, wherever that stands", () => {
    const losses = [5, Number.NaN, Number.NaN, 2, Number.POSITIVE_INFINITY, 10, 20];
    const ends = [1, 3, 4, 6, 7];
    const whole = curveRecorder(ends);
    for (const loss of losses) whole.add(loss);
    for (const k of losses.keys()) {
      const first = curveRecorder(ends);
      for (const loss of losses.slice(0, k)) first.add(loss);
      const second = curveRecorder(ends, first.state);
      for (const loss of losses.slice(k)) second.add(loss);
      expect(second.points).toEqual(whole.points);
    }
  });
});
