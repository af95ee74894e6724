import {
  architectures,
  blockPermutation,
  defineArchitecture,
  dense,
  densePreconditioner,
  diagonal,
  hiddenWidth,
  rate,
  scalarPreconditioner,
} from "@lodo/preconditioner";
import { ArgumentError, array, createRng, eye, type Params, permutation, ShapeError, scale, TensorError, zeros } from "@lodo/tensor";
import { describe, expect, it } from "vitest";

const rng = createRng(1);

describe("hiddenWidth", () => {
  it.each([
    [100, 4, 204],
    [2, 4, 8],
    [3, 2, 8],
    [7, 4, 16],
    [1, 1, 3],
    [1, 7, 7],
    [94_696, 4, 189_396],
  ])("n = %i, k = %i gives %i", (n, k, width) => {
    expect(hiddenWidth(n, k)).toBe(width);
  });

  it("is the smallest multiple of k strictly above 2n", () => {
    for (let n = 1; n <= 40; n++) {
      for (let k = 1; k <= 9; k++) {
        const width = hiddenWidth(n, k);
        expect(width % k).toBe(0);
        expect(width).toBeGreaterThan(2 * n);
        expect(width - k).toBeLessThanOrEqual(2 * n);
      }
    }
  });
});

describe("blockPermutation", () => {
  it("has N ñ k parameters, and the defaults N = 16, k = 4, α₀ = 1", () => {
    const G = blockPermutation({ dim: 100, rng });
    expect(G.init(rng).shape).toEqual([16, 51, 4, 4]);
    expect(G).toMatchObject({ name: "block-permutation", dim: 100, dtype: "float64", alpha0: 1, start: "exact" });
    expect(G.fixed["permutations"]).toHaveLength(16);
  });

  it("takes explicit permutations, and then needs no rng", () => {
    const permutations = [0, 1].map(() => permutation(rng, 6));
    const G = blockPermutation({ dim: 2, blockSize: 2, depth: 2, permutations });
    expect(G.fixed).toEqual({ permutations });
    expect(blockPermutation({ dim: 2, blockSize: 2, depth: 0, permutations: [] }).fixed).toEqual({ permutations: [] });
  });

  it("without layers is α₀ I", () => {
    const G = blockPermutation({ dim: 3, depth: 0, alpha0: 0.5, rng });
    expect([...array(dense(G.at(G.init(rng))))]).toEqual([...array(scale(0.5, eye(3)))]);
  });

  it.each([
    ["no rng and no permutations", { dim: 2 }, ArgumentError, /rng .* or explicit permutations/],
    [
      "permutations of the wrong count",
      { dim: 2, depth: 3, permutations: [permutation(rng, 8)] },
      ArgumentError,
      /expected 3 permutations \(depth\), got 1/,
    ],
    ["permutations of the wrong length", { dim: 2, depth: 1, permutations: [permutation(rng, 7)] }, ShapeError, /length 8, got 7/],
    ["permutations for another k", { dim: 2, depth: 1, blockSize: 3, permutations: [permutation(rng, 8)] }, ShapeError, /length 6, got 8/],
    ["indices that are no permutation", { dim: 2, depth: 1, permutations: [new Int32Array(8)] }, ShapeError, /0 … 7, got index 0 twice/],
    ["permutations that are no list", { dim: 2, depth: 1, permutations: "12345678" as never }, ArgumentError, /permutations/],
    [
      "permutations that are plain arrays",
      { dim: 2, depth: 1, permutations: [[0, 1, 2, 3, 4, 5, 6, 7]] as never },
      ArgumentError,
      /Int32Array/,
    ],
    ["a negative depth", { dim: 2, depth: -1, rng }, ArgumentError, /depth must be an integer of at least 0, got -1/],
    ["a block size of 0", { dim: 2, blockSize: 0, rng }, ArgumentError, /blockSize must be an integer of at least 1, got 0/],
    ["a fractional depth", { dim: 2, depth: 1.5, rng }, ArgumentError, /depth .* got 1.5/],
    ["a rate of 0", { dim: 2, alpha0: 0, rng }, ArgumentError, /alpha0 must be a finite number above 0, got 0/],
    ["a rate that is no number", { dim: 2, alpha0: Number.NaN, rng }, ArgumentError, /alpha0 .* got NaN/],
    ["an unknown dtype", { dim: 2, dtype: "float16" as never, rng }, TensorError, /float16/],
  ])("refuses %s", (_, options, kind, message) => {
    expect(() => blockPermutation(options)).toThrow(kind);
    expect(() => blockPermutation(options)).toThrow(message);
  });

  it("refuses a θ of another shape, naming both", () => {
    const G = blockPermutation({ dim: 2, depth: 1, rng });
    expect(() => G.at(zeros([2, 2, 4, 4]))).toThrow(/expected 2 permutations, .* got 1/);
    expect(() => G.at(zeros([1, 3, 4, 4]))).toThrow(/permutations of 12 .* got one of 8/);
  });
});

describe.each([
  ["dense", (options: { dim: number }) => densePreconditioner(options)],
  ["diagonal", (options: { dim: number }) => diagonal(options)],
  ["scalar", (options: { dim: number }) => scalarPreconditioner(options)],
  ["block-permutation", (options: { dim: number }) => blockPermutation({ ...options, rng })],
])("%s", (id, create) => {
  it.each([0, -3, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "4"])("refuses dim = %s", (dim) => {
    expect(() => create({ dim: dim as number })).toThrow(ArgumentError);
    expect(() => create({ dim: dim as number })).toThrow(`${id}: dim must be an integer of at least 1, got ${dim}`);
  });
});

describe("the θ of the simple architectures must fit", () => {
  it.each([
    [
      "dense",
      () =>
        densePreconditioner({ dim: 3 })
          .at(zeros([2, 2]))
          .apply(zeros([3])),
    ],
    [
      "diagonal",
      () =>
        diagonal({ dim: 3 })
          .at(zeros([2]))
          .apply(zeros([3])),
    ],
  ])("%s", (_, apply) => {
    expect(apply).toThrow(ShapeError);
  });
});

describe("the registry", () => {
  it("holds every architecture under one id, with a summary and a reference", () => {
    expect(new Set(architectures.map(({ id }) => id)).size).toBe(architectures.length);
    for (const { summary, reference } of architectures) expect(summary.length * reference.length).toBeGreaterThan(0);
  });

  it.each(architectures.map((architecture) => [architecture.id, architecture] as const))(
    "%s refuses unknown options and values of the wrong type",
    (id, { create }) => {
      expect(() => create({ dim: 2, rng }, { learningRate: 1 })).toThrow(
        new RegExp(`^${id}: has no option "learningRate"; its options are .*alpha0`),
      );
      expect(() => create({ dim: 2, rng }, { constructor: 1 })).toThrow(`${id}: has no option "constructor"`);
      for (const value of ["1", null, true, [1], {}, -1, 0, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(() => create({ dim: 2, rng }, { alpha0: value })).toThrow(`${id}: alpha0 must be a finite number above 0, got `);
      }
      expect(create({ dim: 2, rng }, { alpha0: undefined }).alpha0).toBe(1);
    },
  );
});

it("an architecture of one's own is called like the others", () => {
  const half = defineArchitecture({
    id: "half",
    summary: "½ I",
    reference: "none",
    hyperparameters: { alpha0: rate(0.5, "α₀") },
    cost: ({ dim: n }) => ({ parameters: 0, multiplyAdds: 2 * n }),
    build: ({ dim: n, alpha0 }) => ({
      start: "exact" as const,
      alpha0,
      init: (): Params => [],
      at: () => scalarPreconditioner({ dim: n, alpha0 }).at(zeros([])),
    }),
  });
  expect(half({ dim: 3 })).toMatchObject({ name: "half", dim: 3, alpha0: 0.5, fixed: {} });
  expect(half.create({ dim: 2 }, { alpha0: 2 }).alpha0).toBe(2);
});
