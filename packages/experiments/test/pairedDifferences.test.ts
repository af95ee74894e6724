import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeInterval, pairedDifferences, whoIsBetter } from "../src/experiments/equalTuning/pairedDifferences.ts";
import { verdictOn } from "../src/experiments/equalTuning/verdict.ts";

const runOf = (name: string, seed: number, score: number | null) => ({ name, seed, score });

describe("differences paired by seed", () => {
  it("do not see what the seeds have in common, however large", () => {
    const ofSeed = fc.record({ common: fc.integer({ min: -1000, max: 1000 }), own: fc.integer({ min: -8, max: 8 }) });
    fc.assert(
      fc.property(fc.array(ofSeed, { minLength: 2, maxLength: 6 }), (seeds) => {
        const runs = seeds.flatMap(({ common, own }, seed) => [runOf("adam", seed, common + own), runOf("lodo", seed, common)]);
        const alone = seeds.flatMap(({ own }, seed) => [runOf("adam", seed, own), runOf("lodo", seed, 0)]);
        // Integers: exactly.
        expect(pairedDifferences(runs)).toEqual(pairedDifferences(alone));
      }),
    );
  });

  it("leave out seeds from which either diverged, and say so by their number", () => {
    const runs = [
      ...[3, null, 5, 4].map((loss, seed) => runOf("lodo", seed, loss)),
      ...[5, 5, null, 6].map((loss, seed) => runOf("adam", seed, loss)),
      runOf("yogi", 1, 2),
    ];
    expect(pairedDifferences(runs)).toEqual([
      { name: "adam", interval: { mean: 2, half: 0 }, pairs: 2 },
      { name: "yogi", interval: null, pairs: 0 },
    ]);
  });

  it("are printed with their sign, and alone where there is one", () => {
    expect(describeInterval({ mean: 0.01234, half: 0.00456 })).toBe("+0.0123 ± 0.0046");
    expect(describeInterval({ mean: -0.5, half: Number.POSITIVE_INFINITY })).toBe("−0.500");
  });

  it("say who is better only beyond the interval", () => {
    expect(whoIsBetter({ mean: 0.2, half: 0.1 })).toBe("lodo");
    expect(whoIsBetter({ mean: -0.2, half: 0.1 })).toBe("other");
    for (const mean of [-0.1, 0, 0.1]) expect(whoIsBetter({ mean, half: 0.1 })).toBeNull();
  });
});

describe("the verdict", () => {
  const of = (name: string, mean: number | null) => ({ name, pairs: 4, interval: mean === null ? null : { mean, half: 0.1 } });
  it.each([
    ["rivals as good or worse, variants worse or diverged", [of("adam", 0.05), of("lodo-sgd", 0.2), of("lodo-diagonal", null)], true],
    ["a rival ahead", [of("adam", -0.2), of("lodo-sgd", 0.2)], false],
    ["a variant as good", [of("adam", 0.2), of("lodo-sgd", 0.05)], false],
    ["nothing to compare", [], false],
  ] as const)("of %s", (_, differences, holds) => {
    const { holds: found, words } = verdictOn(differences);
    expect(found).toBe(holds);
    expect(words).toMatch(/\.$/);
  });
});
