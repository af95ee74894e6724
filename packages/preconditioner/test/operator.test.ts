import {
  blockDiagonal,
  chain,
  compose,
  dense,
  diagonalOperator,
  embed,
  describe as formula,
  gram,
  type LinearOperator,
  linearOperator,
  matrixOperator,
  permutationOperator,
  residualChain,
  scaleOperator,
  type Tag,
} from "@lodo/preconditioner";
import {
  array,
  createRng,
  eye,
  haarOrthogonal,
  matmul,
  matrix,
  normal,
  permutation,
  ShapeError,
  scalar,
  transpose,
  vector,
} from "@lodo/tensor";
import { type CaseSource, casesFactor, expectLaw, expectNear, type OperatorSample, operatorLaws, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

interface OperatorData {
  readonly kind: string;
  readonly m: number;
  readonly n: number;
  readonly seed: number;
}

const rngOf = ({ seed }: OperatorData) => createRng(seed);

/** An operator of every kind, of about m × n. */
const kinds: Readonly<Record<string, (data: OperatorData) => LinearOperator>> = {
  permutation: (data) => permutationOperator(permutation(rngOf(data), data.n)),
  blockDiagonal: (data) => blockDiagonal(normal(rngOf(data), [data.m, data.n, data.n])),
  chain: (data) => chain(permutations(data, data.n), normal(rngOf(data), [data.n, 2, data.m, data.m])),
  emptyChain: (data) => chain([], normal(rngOf(data), [0, 2, data.m, data.m])),
  embed: ({ m, n }) => embed(n, n + m - 1),
  diagonal: (data) => diagonalOperator(data.n, normal(rngOf(data), [data.n])),
  multipleOfI: ({ n }) => diagonalOperator(n, scalar(-0.7)),
  dense: (data) => matrixOperator(normal(rngOf(data), [data.m, data.n])),
  orthogonal: (data) => matrixOperator(matmul(orthogonal(data), orthogonal(data)), ["orthogonal"]),
  compose: (data) => compose(matrixOperator(normal(rngOf(data), [data.m, data.n])), embed(1, data.n)),
  composedPermutations: (data) =>
    compose(permutationOperator(permutation(rngOf(data), data.n)), permutationOperator(permutation(rngOf(data), data.n))),
  gram: (data) => gram(matrixOperator(normal(rngOf(data), [data.m, data.n]))),
  scale: (data) => scaleOperator(-2.5, gram(matrixOperator(normal(rngOf(data), [data.m, data.n])))),
  scaledDense: (data) => scaleOperator(0.3, matrixOperator(normal(rngOf(data), [data.m, data.n]))),
  transpose: (data) => matrixOperator(normal(rngOf(data), [data.m, data.n])).transpose(),
  transposedPermutation: (data) => permutationOperator(permutation(rngOf(data), data.n)).transpose(),
};

const orthogonal = (data: OperatorData) => transpose(matrixOf(haarOrthogonal(rngOf(data), 1, data.n)));
const matrixOf = (Q: ReturnType<typeof haarOrthogonal>) =>
  matrix(Array.from({ length: Q.shape[1] }, (_, i) => array(Q).slice(i * Q.shape[1], (i + 1) * Q.shape[1])));
const permutations = (data: OperatorData, N: number): readonly Int32Array[] => {
  const rng = rngOf(data).split("permutations");
  return Array.from({ length: N }, () => permutation(rng, 2 * data.m));
};

const operators = (kind: string): CaseSource<OperatorData, OperatorSample> => ({
  name: kind,
  data: fc.record({
    kind: fc.constant(kind),
    m: fc.integer({ min: 1, max: 5 }),
    n: fc.integer({ min: 1, max: 5 }),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  }),
  edges: [{ kind, m: 1, n: 1, seed: 1 }],
  build: (data) => {
    const operator = (kinds[kind] as (data: OperatorData) => LinearOperator)(data);
    return { name: `${kind} ${formula(operator)}`, operator, dtype: "float64", roundings: 4 * (data.m + data.n) ** 2 };
  },
});

const search = { cases: 15 * casesFactor(process.env), seed: suiteSeed(process.env) };

describe.each(Object.keys(kinds))("%s obeys the laws of operators", (kind) => {
  it.each(operatorLaws.map((law) => [law.name, law] as const))("%s", (_, law) => {
    expectLaw(law, operators(kind), search);
  });
});

const A = matrixOperator(
  matrix([
    [1, 2, 3],
    [4, 5, 6],
  ]),
);
const tagsOf = (operator: LinearOperator): readonly Tag[] => [...operator.tags].sort();
const entries = (operator: LinearOperator): number[] => [...array(dense(operator))];

describe("matrices of operators", () => {
  it("a permutation gathers: yᵢ = x_{π(i)}", () => {
    const P = permutationOperator(Int32Array.of(2, 0, 1));
    expect([...array(P.apply(vector([10, 20, 30])))]).toEqual([30, 10, 20]);
    expect([...array(P.transpose().apply(P.apply(vector([10, 20, 30]))))]).toEqual([10, 20, 30]);
  });

  it("blocks stand on the diagonal, zeros beside them", () => {
    const blocks = normal(createRng(1), [2, 2, 2]);
    const b = [...array(blocks)];
    expect(entries(blockDiagonal(blocks))).toEqual([b[0], b[1], 0, 0, b[2], b[3], 0, 0, 0, 0, b[4], b[5], 0, 0, b[6], b[7]]);
  });

  it("E embeds and Eᵀ restricts", () => {
    expect([...array(embed(2, 4).apply(vector([1, 2])))]).toEqual([1, 2, 0, 0]);
    expect([
      ...array(
        embed(2, 4)
          .transpose()
          .apply(vector([1, 2, 3, 4])),
      ),
    ]).toEqual([1, 2]);
    expect(entries(embed(2, 2))).toEqual([1, 0, 0, 1]);
  });

  it("a product applies its last factor first", () => {
    const P = permutationOperator(Int32Array.of(1, 2, 0));
    expectNear(
      "A P",
      entries(compose(A, P)),
      array(
        matmul(
          matrix([
            [1, 2, 3],
            [4, 5, 6],
          ]),
          dense(P),
        ),
      ),
      0,
    );
    expect(entries(compose(A))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("a Gram matrix is AᵀA, and a multiple scales every entry", () => {
    expect(entries(gram(A))).toEqual([17, 22, 27, 22, 29, 36, 27, 36, 45]);
    expect(entries(scaleOperator(-2, A))).toEqual([-2, -4, -6, -8, -10, -12]);
  });

  it("a chain is the product of its layers, forwards and transposed", () => {
    const rng = createRng(3);
    const θ = normal(rng, [3, 2, 2, 2]);
    const P = [0, 1, 2].map(() => permutation(rng, 4));
    const layers = P.flatMap((π, i) => {
      const block = array(θ).slice(8 * i, 8 * (i + 1));
      const B = matrix([
        [block[0], block[1], 0, 0],
        [block[2], block[3], 0, 0],
        [0, 0, block[4], block[5]],
        [0, 0, block[6], block[7]],
      ] as number[][]);
      return [permutationOperator(π), matrixOperator(B)];
    });
    const product = compose(...(layers.reverse() as [LinearOperator, ...LinearOperator[]]));
    expectNear("G̃", entries(chain(P, θ)), entries(product), 40 * 2 ** -52);
    expectNear("G̃ᵀ", entries(chain(P, θ).transpose()), entries(product.transpose()), 40 * 2 ** -52);
  });

  it("no layer is the identity", () => {
    expect(entries(chain([], normal(createRng(1), [0, 2, 2, 2])))).toEqual([...array(eye(4))]);
  });
});

describe("tags", () => {
  const P = permutationOperator(Int32Array.of(1, 0));
  const G = gram(embed(2, 3));
  it.each([
    ["a permutation", P, ["orthogonal"]],
    ["its transpose", P.transpose(), ["orthogonal"]],
    ["a product of permutations", compose(P, P), ["orthogonal"]],
    ["a product with something else", compose(P, matrixOperator(eye(2))), []],
    ["a Gram matrix", G, ["psd", "symmetric"]],
    ["a positive multiple of it", scaleOperator(2, G), ["psd", "symmetric"]],
    ["zero times it", scaleOperator(0, G), ["psd", "symmetric"]],
    ["a negative multiple of it", scaleOperator(-2, G), ["symmetric"]],
    ["a multiple of a permutation", scaleOperator(2, P), []],
    ["a diagonal, whose sign nobody knows", diagonalOperator(2, vector([1, 2])), ["symmetric"]],
    ["the transpose of a symmetric one", G.transpose(), ["psd", "symmetric"]],
    ["E", embed(2, 3), []],
    ["a matrix", matrixOperator(eye(2)), []],
    ["a chain", chain([], normal(createRng(1), [0, 2, 2, 2])), []],
  ] as const)("of %s", (_, operator, tags) => {
    expect(tagsOf(operator)).toEqual(tags);
  });

  it("a symmetric operator is its own transpose", () => {
    expect(G.transpose()).toBe(G);
  });
});

describe("describe", () => {
  const layers = normal(createRng(1), [16, 51, 4, 4]);
  const P = Array.from({ length: 16 }, () => permutation(createRng(2), 204));
  it.each([
    [permutationOperator(Int32Array.of(0, 1, 2)), "P{3}"],
    [blockDiagonal(normal(createRng(1), [3, 2, 2])), "B{3×2×2}"],
    [chain(P, layers), "chain{N=16, k=4}"],
    [residualChain(P, normal(createRng(1), [16, 204])), "∏(I + W P){N=16}"],
    [embed(100, 204), "E{204×100}"],
    [diagonalOperator(5, scalar(1)), "diag{5}"],
    [A, "dense{2×3}"],
    [A.transpose(), "(dense{2×3})ᵀ"],
    [compose(A, embed(2, 3)), "dense{2×3} E{3×2}"],
    [
      scaleOperator(0.27, gram(compose(chain(P, layers), embed(100, 204)))),
      "0.27 (chain{N=16, k=4} E{204×100})ᵀ (chain{N=16, k=4} E{204×100})",
    ],
    [linearOperator({ structure: "mine", shape: [2, 2], tags: ["symmetric"], apply: (v) => v }), "mine"],
  ])("%#: %s", (operator, expected) => {
    expect(formula(operator)).toBe(expected);
  });
});

describe("what does not fit is refused", () => {
  it.each([
    ["a product whose factors do not fit", () => compose(A, A), /factor 0 takes 3 dimensions, factor 1 gives 2/],
    ["an embedding into less", () => embed(5, 4), /embed 5 dimensions in 4/],
    ["a permutation with a repetition", () => permutationOperator(Int32Array.of(0, 1, 1)), /0 … 2, got index 1 twice/],
    ["a permutation out of range", () => permutationOperator(Int32Array.of(0, 3, 1)), /0 … 2, got index 3 at position 1/],
    ["a permutation with a negative index", () => permutationOperator(Int32Array.of(0, -1, 1)), /0 … 2, got index -1 at position 1/],
    [
      "a residual chain with too few permutations",
      () => residualChain([], normal(createRng(1), [1, 2])),
      /expected 1 permutations, .* got 0/,
    ],
    [
      "a residual chain with permutations of another length",
      () => residualChain([Int32Array.of(0, 1, 2)], normal(createRng(1), [1, 2])),
      /residualChain: expected permutations of 2, .* got one of 3/,
    ],
    ["a chain with too few permutations", () => chain([], normal(createRng(1), [1, 2, 2, 2])), /expected 1 permutations, .* got 0/],
    [
      "a chain with short permutations",
      () => chain([Int32Array.of(0)], normal(createRng(1), [1, 2, 2, 2])),
      /permutations of 4 = 2·2 .* got one of 1/,
    ],
    ["a chain of blocks that are not square", () => chain([], normal(createRng(1), [0, 2, 2, 3])), /square, got θ of shape \[0,2,2,3\]/],
    [
      "an operator without its transpose",
      () => linearOperator({ structure: "half", shape: [2, 3], apply: (v) => v }),
      /half: .* needs applyTranspose/,
    ],
    ["a vector of another length", () => A.apply(vector([1, 2])), /dense\{2×3\}: expected v of length 3 \(columns\), got shape \[2\]/],
    ["blocks that are not square", () => blockDiagonal(normal(createRng(1), [2, 2, 3])), /square, got .*\[2,2,3\]/],
    ["a diagonal of another length", () => diagonalOperator(3, vector([1, 2])), /3.*\[2\]/],
  ])("%s", (_, build, message) => {
    expect(build).toThrow(ShapeError);
    expect(build).toThrow(message);
  });
});
