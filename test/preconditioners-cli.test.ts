import {
  architectures,
  blockDiagonal,
  blockPermutation,
  butterfly,
  compose,
  dense,
  diagonal,
  layersToMix,
  matrixOperator,
  monarch,
  permutationOperator,
  residuals,
} from "@lodo/preconditioner";
import { array, createRng, normal, ones, permutation, type Tensor } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { lodoHere } from "./lodo.ts";

type Row = Readonly<Record<string, number | string | null>>;

const small = ["preconditioners", "--n", "5", "--steps", "40"];
const timeless = (rows: readonly Row[]): readonly Row[] => rows.map(({ stepsPerSecond: _, ...row }) => row);

describe("lodo preconditioners", () => {
  it("compares every architecture, and comes to the same on any number of threads", async () => {
    const run = async (...args: readonly string[]): Promise<readonly Row[]> =>
      JSON.parse((await lodoHere([...small, "--json", ...args])).stdout) as readonly Row[];
    const rows = await run("--workers", "2");
    expect(rows.map(({ id }) => id)).toEqual(architectures.map(({ id }) => id));
    for (const [i, row] of rows.entries()) {
      expect(row).toMatchObject(architectures[i]?.cost({ dim: 5 }) ?? {});
      expect(row["stepsPerSecond"]).toBeGreaterThan(0);
      expect(row["divergedAt"] === null ? row["loss"] : 1).toBeGreaterThan(0);
    }
    expect(timeless(await run("--workers", "1"))).toEqual(timeless(rows));
    expect(timeless(await run("--seed", "1"))).not.toEqual(timeless(rows));
  });

  it("prints a row for each, and what n, steps and values they were compared at", async () => {
    const { code, stdout } = await lodoHere(small);
    expect(code).toBe(0);
    for (const { id } of architectures) expect(stdout).toMatch(new RegExp(`^${id} `, "m"));
    expect(stdout).toContain("n = 5, 40 steps, seed 0; metaLearningRate = 0.00096, beta = 0.195, alpha0 = 0.27 (Table 6) for all.");
    expect(stdout).toMatch(/^diagonal .* – /m);
  });

  it.each([
    [["--n", "0"], 'Expected an integer of at least 1, got "0"'],
    [["--n", "2.5"], 'Expected an integer of at least 1, got "2.5"'],
    [["--steps", "3"], 'Expected an integer of at least 20, got "3"'],
    [["--workers", "none"], 'Expected an integer of at least 1, got "none"'],
    [["--seed", "x"], 'Expected an integer, got "x"'],
    [["--dim", "5"], "unknown option '--dim'"],
    [["diagonal"], "too many arguments"],
  ])("%j is wrong usage", async (args, message) => {
    const { code, stdout, stderr } = await lodoHere(["preconditioners", ...args]);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, ""]);
  });
});

describe("layersToMix", () => {
  const rng = createRng(1);

  it("is log₂ ñ for the butterfly, 2 for Monarch, 1 for a full matrix, and never comes for a diagonal", () => {
    for (const [n, L] of [
      [3, 2],
      [8, 3],
      [9, 4],
      [33, 6],
    ] as const) {
      const [B, M, D] = [butterfly({ dim: n }), monarch({ dim: n }), diagonal({ dim: n })];
      expect(layersToMix(B.at(B.init(rng)))).toBe(L);
      expect(layersToMix(M.at(M.init(rng)))).toBe(2);
      expect(layersToMix(D.at(D.init(rng)))).toBeNull();
      expect(layersToMix(matrixOperator(ones([n, n])))).toBe(1);
    }
  });

  it("is log_k ñ for strided blocks where ñ is a power of k", () => {
    const G = blockPermutation({ dim: 31, depth: 5, blockSize: 4, scheme: "strided" });
    expect(layersToMix(G.at(G.init(rng)))).toBe(3);
  });

  it("says null where there are too few layers", () => {
    const G = blockPermutation({ dim: 31, depth: 2, scheme: "strided" });
    expect(layersToMix(G.at(G.init(rng)))).toBeNull();
  });

  it("is the first product of layers that has no zero", () => {
    const n = 12;
    const stages = Array.from({ length: 6 }, () => ({
      P: permutationOperator(permutation(rng, n)),
      B: blockDiagonal(normal(rng, [4, 3, 3])),
    }));
    const product = (depth: number) =>
      compose(
        ...(stages
          .slice(0, depth)
          .flatMap(({ P, B }) => [P, B])
          .reverse() as unknown as Parameters<typeof compose>),
      );
    const full = stages.map((_, i) => [...array(dense(product(i + 1)))].every((entry) => entry !== 0)).indexOf(true) + 1;
    expect(full).toBeGreaterThan(1);
    expect(layersToMix(product(6))).toBe(full);
  });

  it("sees through the residuals' middle diagonal", () => {
    const G = residuals({ dim: 4, depth: 20, rng });
    const layers = layersToMix(G.at(G.init(rng))) ?? 0;
    expect(layers).toBeGreaterThanOrEqual(3);
    const fewer = residuals({
      dim: 4,
      depth: layers - 1,
      permutations: (G.fixed["permutations"] as readonly Int32Array[]).slice(0, layers - 1),
    });
    expect(layersToMix(fewer.at(fewer.init(rng)))).toBeNull();
  });

  it("of some inputs alone is no more than of all, and of one is when that has reached everything", () => {
    const n = 40;
    const G = blockPermutation({ dim: n, depth: 12, blockSize: 2, rng });
    const A = G.at(G.init(rng));
    const layers = [1, 31, 32, 33, n].map((inputs) => layersToMix(A, { inputs }) ?? Number.POSITIVE_INFINITY);
    expect(layers).toEqual([...layers].sort((a, b) => a - b));
    expect(layers.at(-1)).toBe(layersToMix(A));
    // An input reaches at most 2ᴸ of the 82 units in L layers.
    expect(layers[0]).toBeGreaterThanOrEqual(7);
    const sets = (G.fixed["permutations"] as readonly Int32Array[]).reduce<{ at: Set<number>; all: number | null; L: number }>(
      ({ at, all, L }, P) => {
        const next = new Set(
          Array.from(P, (_, i) => i).filter((i) => [P[i - (i % 2)], P[i - (i % 2) + 1]].some((j) => at.has(j as number))),
        );
        return { at: next, L: L + 1, all: all ?? (next.size === P.length ? L + 1 : null) };
      },
      { at: new Set([0]), all: null, L: 0 },
    );
    expect(layers[0]).toBe(sets.all);
  });

  it("reads no numbers of a chain, only where they stand", () => {
    const G = blockPermutation({ dim: 4, depth: 3, scheme: "strided" });
    const zero = G.init(rng) as Tensor;
    expect(layersToMix(G.at(zero as never))).toBe(layersToMix(G.at(normal(rng, zero.shape) as never)));
  });
});
