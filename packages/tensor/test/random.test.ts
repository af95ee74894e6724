import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { array, createRng, haarOrthogonal, normal, permutation, type Rng, restoreRng, uniform } from "../src/index.ts";

const take = <T>(n: number, draw: () => T): readonly T[] => Array.from({ length: n }, draw);
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

/** Draws that fixed seeds must give for ever: results of experiments depend on them. */
describe("pinned bits", () => {
  it("uniform", () => {
    expect([...array(uniform(createRng(7), [4]))]).toEqual([
      0.4052110537398277, 0.4330860187902674, 0.4878691030391752, 0.14921986719980185,
    ]);
    expect([...array(uniform(createRng(-1), [2], { dtype: "float32" }))]).toEqual([0.8522011637687683, 0.5480693578720093]);
  });
  it("normal", () => {
    expect([...array(normal(createRng(7), [4]))]).toEqual([
      -0.9305874137893887, 0.6845710666754607, 0.38490993102806387, -0.5384162362520811,
    ]);
  });
  it("permutation and integer", () => {
    expect([...permutation(createRng(7), 10)]).toEqual([2, 4, 8, 7, 0, 9, 5, 6, 1, 3]);
    expect(createRng(7).integer(1000)).toBe(853);
  });
  it("haarOrthogonal", () => {
    expect([...array(haarOrthogonal(createRng(7), 1, 3))]).toEqual([
      -0.764219150030498, 0.5621850359869519, 0.31609662452960935, -0.18148764637064715, -0.6577500784279614, 0.7310451891250317,
      -0.6188952455315084, -0.5013111006554314, -0.6046948448747795,
    ]);
  });
  it("split", () => {
    expect([...array(uniform(createRng(7).split("weights").split(3), [2]))]).toEqual([0.23914931822175656, 0.643301311305362]);
  });
  it("a seed is the start of SHA-256 of its path", () => {
    const digest = createHash("sha256").update('7/"weights"/3').digest();
    expect(createRng(7).split("weights").split(3).state().stream).toEqual([0, 4, 8, 12].map((at) => digest.readInt32BE(at)));
  });
});

describe("streams", () => {
  it("a split depends on the seed and the labels, not on what was drawn or split before", () => {
    const fresh = take(3, createRng(3).split("a").uniform);
    const rng = createRng(3);
    rng.split("b").uniform();
    take(10, () => rng.normal());
    expect(take(3, rng.split("a").uniform)).toEqual(fresh);
  });

  it("labels, paths and seeds are told apart", () => {
    const first = (rng: Rng): number => rng.uniform();
    const root = createRng(1);
    const all = [
      root.split("1"),
      root.split(1),
      root.split("a").split("b"),
      root.split('a"/"b'),
      root.split("b").split("a"),
      createRng(2),
      root,
    ];
    expect(new Set(all.map(first)).size).toBe(all.length);
  });

  it("state restores in the middle of a stream, through JSON", () => {
    const rng = createRng(5).split("x");
    take(7, rng.normal);
    const saved = JSON.parse(JSON.stringify(rng.state()));
    const rest = take(5, rng.normal);
    const restored = restoreRng(saved);
    expect(take(5, restored.normal)).toEqual(rest);
    expect(restoreRng(saved).split("y").uniform()).toBe(rng.split("y").uniform());
  });

  it("draws advance the stream, each tensor its own", () => {
    const rng = createRng(5);
    expect(array(normal(rng, [3]))).not.toEqual(array(normal(rng, [3])));
  });
});

/**
 * Moments: the mean of n independent draws of variance σ² lies within 5 σ/√n of its expectation, but for one seed in 1.7 million. Seeds are fixed,
 * so that a failure is a change of the generator and no accident.
 */
describe("moments", () => {
  const n = 100_000;
  const within = (xs: readonly number[], expected: number, variance: number): void => {
    expect(Math.abs(mean(xs) - expected)).toBeLessThan(5 * Math.sqrt(variance / xs.length));
  };

  it("uniform: E u = 1/2, E u² = 1/3, neighbours independent", () => {
    const us = take(n, createRng(11).uniform);
    within(us, 1 / 2, 1 / 12);
    within(
      us.map((u) => u * u),
      1 / 3,
      1 / 5 - 1 / 9,
    );
    within(
      us.slice(1).map((u, i) => (u - 0.5) * ((us[i] as number) - 0.5)),
      0,
      1 / 144,
    );
    expect(Math.min(...us.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(us.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53))).toBe(true);
  });

  it("normal: the moments 0, 1, 0, 3, and 95% within 1.96", () => {
    const zs = take(n, createRng(12).normal);
    within(zs, 0, 1);
    within(
      zs.map((z) => z ** 2),
      1,
      2,
    );
    within(
      zs.map((z) => z ** 3),
      0,
      15,
    );
    within(
      zs.map((z) => z ** 4),
      3,
      96,
    );
    within(
      zs.map((z) => Number(Math.abs(z) < 1.959963984540054)),
      0.95,
      0.95 * 0.05,
    );
    within(
      zs.slice(1).map((z, i) => z * (zs[i] as number)),
      0,
      1,
    );
  });

  it("permutation: each of the 24 orders of four equally often", () => {
    const rng = createRng(13);
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let i = 0; i < draws; i++) {
      const key = permutation(rng, 4).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // χ² with 23 degrees of freedom exceeds 70 once in 10⁶.
    const χ2 = [...counts.values()].reduce((s, c) => s + (c - draws / 24) ** 2 / (draws / 24), 0);
    expect(χ2).toBeLessThan(70);
  });

  it("haarOrthogonal: the second and fourth moments of its entries, rows that know of each other, reflections", () => {
    const [b, k] = [20_000, 3];
    const Q = array(haarOrthogonal(createRng(14), b, k));
    const entry = (i: number, j: number): readonly number[] => Array.from({ length: b }, (_, s) => Q[(s * k + i) * k + j] as number);
    for (const [i, j] of [
      [0, 0],
      [0, 2],
      [2, 0],
      [2, 2],
    ] as const) {
      const qs = entry(i, j);
      within(qs, 0, 1 / k);
      within(
        qs.map((q) => q ** 2),
        1 / k,
        3 / (k * (k + 2)) - 1 / k ** 2,
      );
      within(
        qs.map((q) => q ** 4),
        3 / (k * (k + 2)),
        105 / (k * (k + 2) * (k + 4) * (k + 6)) - (3 / (k * (k + 2))) ** 2,
      );
    }
    // E q₀₀² q₁₁² = (k + 1) / (k − 1) k (k + 2) where independent rows would give 1/k².
    const [a, d] = [entry(0, 0), entry(1, 1)];
    within(
      a.map((q, s) => q ** 2 * (d[s] as number) ** 2),
      (k + 1) / ((k - 1) * k * (k + 2)),
      // At most E q₀₀⁴ q₁₁⁴ ≤ E q⁸.
      105 / (k * (k + 2) * (k + 4) * (k + 6)),
    );
    // As many reflections as rotations.
    within(
      Array.from({ length: b }, (_, s) => det3([...Q.slice(s * 9, s * 9 + 9)])),
      0,
      1,
    );
  });
});

const det3 = (m: readonly number[]): number => {
  const at = (i: number): number => m[i] as number;
  return at(0) * (at(4) * at(8) - at(5) * at(7)) - at(1) * (at(3) * at(8) - at(5) * at(6)) + at(2) * (at(3) * at(7) - at(4) * at(6));
};

describe("haarOrthogonal", () => {
  it.for([
    [1, 1],
    [3, 2],
    [2, 10],
    [1, 40],
  ] as const)("Q Qᵀ = I within a few ε: %s blocks of %s", ([b, k]) => {
    const Q = array(haarOrthogonal(createRng(15), b, k));
    for (let s = 0; s < b; s++)
      for (let i = 0; i < k; i++)
        for (let j = 0; j <= i; j++) {
          let inner = 0;
          for (let c = 0; c < k; c++) inner += (Q[(s * k + i) * k + c] as number) * (Q[(s * k + j) * k + c] as number);
          // Twice is enough: what remains is the rounding of one inner product of k terms and one normalisation.
          expect(Math.abs(inner - Number(i === j))).toBeLessThanOrEqual((k + 4) * 2 ** -52);
        }
  });

  it("no blocks", () => {
    expect(haarOrthogonal(createRng(1), 0, 3).shape).toEqual([0, 3, 3]);
  });
});

describe("wrong use", () => {
  it.for([0.5, Number.NaN, 2 ** 53] as const)("createRng(%s)", (seed) => {
    expect(() => createRng(seed)).toThrow(`createRng: seed must be an integer, got ${seed}`);
  });
  it("integer, permutation, shapes, states", () => {
    expect(() => createRng(1).integer(0)).toThrow("integer: n must be a positive integer, got 0");
    expect(() => permutation(createRng(1), -1)).toThrow("permutation: every extent must be a non-negative integer, got [-1]");
    expect(() => normal(createRng(1), [2, -3])).toThrow("normal: every extent must be a non-negative integer, got [2,-3]");
    expect(() => restoreRng({ key: "1", stream: [1, 2] })).toThrow("restoreRng: expected { key: string, stream: four integers }");
  });
  it("float32 draws stay below 1", () => {
    const nearOne = { ...createRng(1), uniform: () => 1 - 2 ** -53 };
    expect(array(uniform(nearOne, [1], { dtype: "float32" }))[0]).toBe(1 - 2 ** -24);
  });
});
