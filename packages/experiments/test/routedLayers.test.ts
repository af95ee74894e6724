import { exactRouter, layersEnough, type Router, splittingRouter } from "@lodo/preconditioner";
import { createRng, permutation, portable, type Rng } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { sampleMean } from "../src/claims/apparatus/bounds.ts";
import { distance, distributions, last, lazyShuffle, sequence } from "../src/claims/apparatus/lazyShuffles.ts";
import { layersUsed } from "../src/claims/apparatus/routing.ts";
import { logFactorial } from "../src/claims/apparatus/secondMoment.ts";

/** Layers that a router uses for random targets. */
const layers = (rng: Rng, route: Router, ñ: number, draws: number): readonly number[] =>
  Array.from({ length: draws }, () => {
    const target = permutation(rng, ñ);
    const P = Array.from({ length: layersEnough(ñ, 1, 1e-9) }, () => permutation(rng, ñ));
    return layersUsed(route(target, P) ?? []);
  });

describe("the layers that claim router-depth states", () => {
  it.each<[string, ñ: number, stated: number, draws: number, Router]>([
    ["exact", 4, 2.7, 400, exactRouter],
    ["exact", 6, 4.2, 200, exactRouter],
    ["exact", 8, 5.2, 30, exactRouter],
    ["a beam of 64 states", 6, 4.6, 100, splittingRouter({ beam: 64 })],
    ["a beam of 64 states", 8, 5.5, 40, splittingRouter({ beam: 64 })],
    ["splitting", 4, 3.4, 400, splittingRouter()],
    ["splitting", 6, 8, 400, splittingRouter()],
    ["splitting", 8, 13, 400, splittingRouter()],
    ["splitting", 16, 42, 200, splittingRouter()],
    ["splitting", 32, 104, 100, splittingRouter()],
    ["splitting", 64, 256, 40, splittingRouter()],
  ])("%s at ñ = %i: %d", (_, ñ, stated, draws, route) => {
    const { mean, error } = sampleMean(layers(createRng(ñ), route, ñ, draws));
    // What is stated is a sample mean too, of at least as many draws, in two digits.
    expect(Math.abs(mean - stated)).toBeLessThan(4 * Math.SQRT2 * error + 0.05 * (stated >= 10 ? 10 : 1));
  });
});

describe("the layers that claim permutation-reach states", () => {
  const rng = createRng(1);
  const sample = (ñ: number, M: number, draws: number) =>
    Array.from({ length: draws }, () => distance(last(distributions(lazyShuffle, sequence(lazyShuffle, rng, ñ, M))) as Float64Array));

  it.each([
    [4, 3, 4],
    [6, 5, 6],
  ])("at ñ = %i fewer than half of all draws reach everything after %i layers, and more after %i", (ñ, few, enough) => {
    const part = (M: number): number => {
      const distances = sample(ñ, M, ñ === 4 ? 4000 : 400);
      return distances.filter(({ reached }) => reached === 1).length / distances.length;
    };
    expect(part(few)).toBeLessThan(0.5);
    expect(part(enough)).toBeGreaterThan(0.5);
  });

  it.each([
    [4, 9, 10, 20_000],
    [6, 14, 18, 400],
  ])("at ñ = %i the bound is not positive after %i layers, and is after %i", (ñ, few, enough, draws) => {
    const bound = (M: number): number => {
      const { mean } = sampleMean(sample(ñ, M, draws).map(({ divergence }) => divergence));
      return 1 - portable.exp(logFactorial(ñ)) * Math.sqrt(mean / 2);
    };
    expect(bound(few)).toBeLessThan(0);
    expect(bound(enough)).toBeGreaterThan(0);
  });
});
