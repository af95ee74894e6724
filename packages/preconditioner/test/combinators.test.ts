import {
  blockPermutation,
  count,
  defineArchitecture,
  dense,
  densePreconditioner,
  describe as describeOperator,
  diagonal,
  diagonalPlusLowRank,
  hiddenWidth,
  layerwisePreconditioner,
  type Preconditioner,
  type RegisteredArchitecture,
  rate,
  residuals,
  restrictedPreconditioner,
  scalarPreconditioner,
  scaledPreconditioner,
  sumPreconditioner,
} from "@lodo/preconditioner";
import { ArgumentError, array, createRng, DTypeError, type Layout, layoutOf, normal, ShapeError, type Tensor, zeros } from "@lodo/tensor";
import { conformsToPreconditioner, suiteSeed } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

const search = { cases: 12, seed: suiteSeed(process.env) };

/** A layout of n elements in two layers, or in one where n = 1. */
const twoLayers = (n: number): Layout =>
  layoutOf(n === 1 ? { w: zeros([1]) } : { w: zeros([Math.floor(n / 2)]), b: zeros([n - Math.floor(n / 2)]) });

const about = { summary: "a composition", reference: "none" };

/** Permutations under the name that a composition gives them, if they are given. */
const given = (permutations: readonly Int32Array[] | undefined): { readonly permutations?: readonly Int32Array[] } =>
  permutations ? { permutations } : {};

const sizes = { depth: count(3, 0, "N"), blockSize: count(2, 1, "k"), alpha0: rate(0.5, "α₀") };

const compositions: readonly RegisteredArchitecture[] = [
  defineArchitecture({
    ...about,
    id: "a sum",
    hyperparameters: sizes,
    extras: ["0.permutations"],
    cost: ({ dim: n, depth, blockSize, alpha0 }) => {
      const { parameters, multiplyAdds } = blockPermutation.cost({ dim: n }, { depth, blockSize, alpha0 });
      const indices = depth * hiddenWidth(n, blockSize);
      return { parameters: parameters + n, multiplyAdds: multiplyAdds + 2 * n, indices };
    },
    build: ({ dim, dtype, rng, depth, blockSize, alpha0, "0.permutations": permutations }) =>
      sumPreconditioner(
        blockPermutation({
          dim,
          dtype,
          depth,
          blockSize,
          alpha0,
          ...(rng ? { rng } : {}),
          ...given(permutations),
        }),
        diagonal({ dim, dtype, alpha0 }),
      ) as Preconditioner,
  }),
  defineArchitecture({
    ...about,
    id: "a scaled one",
    hyperparameters: { alpha0: rate(0.5, "α₀") },
    cost: ({ dim: n }) => {
      const { parameters, multiplyAdds } = diagonalPlusLowRank.cost({ dim: n }, { rank: 2 });
      return { parameters, multiplyAdds: multiplyAdds + n };
    },
    build: ({ dim, dtype, alpha0 }) => scaledPreconditioner(3, diagonalPlusLowRank({ dim, dtype, rank: 2, alpha0 })),
  }),
  defineArchitecture({
    ...about,
    id: "one for each layer",
    hyperparameters: sizes,
    extras: ["1.permutations"],
    cost: ({ dim: n, depth, blockSize }) => {
      const [first, second] = n === 1 ? [1, 0] : [Math.floor(n / 2), n - Math.floor(n / 2)];
      if (second === 0) return { parameters: 1, multiplyAdds: 2 };
      const { parameters, multiplyAdds } = blockPermutation.cost({ dim: second }, { depth, blockSize });
      const indices = depth * hiddenWidth(second, blockSize);
      return { parameters: first + parameters, multiplyAdds: 2 * first + multiplyAdds, indices };
    },
    build: ({ dim, dtype, rng, depth, blockSize, alpha0, "1.permutations": permutations }) =>
      layerwisePreconditioner(twoLayers(dim), ({ dim, index }) =>
        index === 0
          ? (diagonal({ dim, dtype, alpha0 }) as Preconditioner)
          : (blockPermutation({
              dim,
              dtype,
              depth,
              blockSize,
              alpha0,
              ...(rng ? { rng } : {}),
              ...given(permutations),
            }) as Preconditioner),
      ) as Preconditioner,
  }),
  defineArchitecture({
    ...about,
    id: "one restricted to a slice",
    hyperparameters: { depth: count(3, 1, "N"), alpha0: rate(0.5, "α₀") },
    extras: ["permutations"],
    cost: ({ dim: n, depth: N }) => {
      const { parameters, multiplyAdds } = residuals.cost({ dim: n + 3 }, { depth: N });
      return { parameters, multiplyAdds, indices: N * 2 * (n + 3) };
    },
    build: ({ dim, dtype, rng, depth, alpha0, permutations }) =>
      restrictedPreconditioner(
        { start: 1, stop: dim + 1 },
        residuals({
          dim: dim + 3,
          dtype,
          depth,
          alpha0,
          ...(rng ? { rng } : {}),
          ...given(permutations),
        }),
      ) as Preconditioner,
  }),
];

for (const composition of compositions) conformsToPreconditioner({ describe, it }, composition, search);

const numbers = (t: Tensor): readonly number[] => [...array(t)];
const rng = createRng(1);

describe("compositions", () => {
  const [D, M] = [diagonal({ dim: 2, alpha0: 0.5 }), densePreconditioner({ dim: 2, alpha0: 0.25 })];
  const θs = [normal(rng, [2]), normal(rng, [2, 2])] as const;
  const [d, m] = [numbers(dense(D.at(θs[0]))), numbers(dense(M.at(θs[1])))];

  it("add, in entries and in α₀", () => {
    const G = sumPreconditioner(D, M);
    expect(numbers(dense(G.at(θs)))).toEqual(d.map((entry, i) => entry + (m[i] as number)));
    expect(G).toMatchObject({ name: "sum(diagonal, dense)", dim: 2, alpha0: 0.75, start: "exact", fixed: {} });
  });

  it("scale", () => {
    expect(numbers(dense(scaledPreconditioner(2, M).at(θs[1])))).toEqual(m.map((entry) => 2 * entry));
    expect(scaledPreconditioner(2, M).alpha0).toBe(0.5);
  });

  it("stand side by side, a layer each", () => {
    const layout = layoutOf({ a: zeros([2]), b: [zeros([2, 1])] });
    const G = layerwisePreconditioner(layout, ({ path, dim }) => diagonal({ dim, alpha0: path === "a" ? 1 : 3 }));
    expect(numbers(dense(G.at(G.init(rng))))).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3]);
    expect(G).toMatchObject({ dim: 4, alpha0: 2, start: "approximate" });
    expect(layerwisePreconditioner(layout, ({ dim }) => diagonal({ dim }))).toMatchObject({ alpha0: 1, start: "exact" });
  });

  it("restrict to a block of the matrix", () => {
    const G = densePreconditioner({ dim: 3 });
    const θ = normal(rng, [3, 3]);
    const all = numbers(θ);
    expect(numbers(dense(restrictedPreconditioner({ start: 1, stop: 3 }, G).at(θ)))).toEqual([all[4], all[5], all[7], all[8]]);
  });

  it("claim what all parts claim, and no more", () => {
    const tags = (G: Preconditioner): readonly string[] => [...G.at(G.init(rng)).tags].sort();
    const psd = diagonalPlusLowRank({ dim: 3 });
    expect(tags(sumPreconditioner(psd, scaledPreconditioner(2, psd)) as Preconditioner)).toEqual(["psd", "symmetric"]);
    expect(tags(sumPreconditioner(psd, scalarPreconditioner({ dim: 3 })) as Preconditioner)).toEqual(["symmetric"]);
    expect(tags(sumPreconditioner(psd, densePreconditioner({ dim: 3 })) as Preconditioner)).toEqual([]);
    expect(tags(restrictedPreconditioner({ start: 0, stop: 2 }, psd) as Preconditioner)).toEqual(["psd", "symmetric"]);
  });

  it("compose again, and print as a formula", () => {
    const G = restrictedPreconditioner(
      { start: 0, stop: 2 },
      sumPreconditioner(diagonal({ dim: 3 }), scaledPreconditioner(2, diagonal({ dim: 3 }))),
    );
    expect(describeOperator(G.at(G.init(rng)))).toBe("(E{0:2})ᵀ (1 diag{3} + 2 1 diag{3}) (E{0:2})");
  });

  it("keep what the parts have fixed, each under its own name", () => {
    const G = sumPreconditioner(blockPermutation({ dim: 2, rng, depth: 2 }), residuals({ dim: 2, rng, depth: 3 }));
    expect(Object.entries(G.fixed).map(([key, lists]) => [key, lists.length])).toEqual([
      ["0.permutations", 2],
      ["1.permutations", 3],
    ]);
  });
});

describe("a composition is refused, naming both sides,", () => {
  const two = diagonal({ dim: 2 });
  it.each([
    ["a sum of two dims", () => sumPreconditioner(two, diagonal({ dim: 3 })), ShapeError, /dims must agree, got 2 and 3/],
    ["a sum of two dtypes", () => sumPreconditioner(two, diagonal({ dim: 2, dtype: "float32" })), DTypeError, /got float64 and float32/],
    ["a factor of 0", () => scaledPreconditioner(0, two), ArgumentError, /c must be a finite number above 0, got 0/],
    ["a negative factor", () => scaledPreconditioner(-1, two), ArgumentError, /got -1/],
    ["a factor that is no number", () => scaledPreconditioner(Number.NaN, two), ArgumentError, /got NaN/],
    [
      "a part that does not fit its layer",
      () => layerwisePreconditioner(layoutOf({ w: zeros([2, 3]) }), () => two),
      ShapeError,
      /layer "w" has 6 elements, its preconditioner dim 2/,
    ],
    [
      "a layout out of order",
      () => {
        const { size, slices } = layoutOf({ a: zeros([1]), b: zeros([2]) });
        return layerwisePreconditioner({ size, slices: slices.toReversed() }, ({ dim }) => diagonal({ dim }));
      },
      ArgumentError,
      /layerwisePreconditioner: layout: expected slice "b" to start at 0, where those before it end, got 1/,
    ],
    ["a layout without layers", () => layerwisePreconditioner(layoutOf([]), () => two), ArgumentError, /with layers/],
    ["an empty slice", () => restrictedPreconditioner({ start: 1, stop: 1 }, two), ShapeError, /start < stop ≤ 2 \(dim\), got 1 and 1/],
    ["a slice past the end", () => restrictedPreconditioner({ start: 0, stop: 3 }, two), ShapeError, /got 0 and 3/],
    ["a slice between numbers", () => restrictedPreconditioner({ start: 0.5, stop: 2 }, two), ShapeError, /got 0.5 and 2/],
  ] as const)("%s", (_, make, kind, message) => {
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });
});
