import { chain, gram, type Layers } from "@lodo/preconditioner";
import { createRng, permutation, reshape, slice, type Tensor, transpose, type Vector } from "@lodo/tensor";
import { type Reference, sliced, transposed } from "../reference/operations.ts";
import { at, build, type Plain } from "../reference/plain.ts";
import type { Operation, Sample } from "../sample.ts";
import { between, type Domain, drawn, either, ordinary } from "./domain.ts";

/** θ: [N, b, k, k], and what is applied: the chain, its transpose, or one after the other. */
interface Extents {
  readonly N: number;
  readonly b: number;
  readonly k: number;
  readonly way: "forwards" | "transposed" | "gram";
}

/** Permutations are attributes, not inputs: fixed for each shape. */
const permutationsOf = ({ N, b, k }: Extents): readonly Int32Array[] =>
  Array.from({ length: N }, (_, i) => permutation(createRng(b * k).split(i), b * k));

const applied =
  (extents: Extents) =>
  (θ: Tensor, v: Tensor): Tensor => {
    const G = chain(permutationsOf(extents), θ as Layers);
    return { forwards: G, transposed: G.transpose(), gram: gram(G) }[extents.way].apply(v as Vector);
  };

/** B(θᵢ) Pᵢ, entry by entry. */
const layerMatrix = (θ: Plain, P: Int32Array, i: number, k: number): Plain =>
  build([P.length, P.length], ([row = 0, col = 0]) => {
    const block = Math.floor(row / k);
    const place = P.indexOf(col);
    return Math.floor(place / k) === block ? at(θ, [i, block, row % k, place % k]) : 0;
  });

const times = (A: Plain, v: Plain): Plain => build(v.shape, ([i = 0]) => v.data.reduce((s, x, j) => s + at(A, [i, j]) * x, 0));

const multiplied =
  (extents: Extents): Reference =>
  (θ, v) => {
    const layers = permutationsOf(extents).map((P, i) => layerMatrix(θ as Plain, P, i, extents.k));
    const there = extents.way === "transposed" ? (v as Plain) : layers.reduce((u, A) => times(A, u), v as Plain);
    return extents.way === "forwards" ? there : layers.reduceRight((u, A) => times(transposed()(A), u), there);
  };

/** Each layer sums k products on each way, and so does its reference. */
const sample = (name: string, extents: Extents, domain: Domain = ordinary): Sample => ({
  name: extents.way === "forwards" ? name : `${name}, ${extents.way}`,
  inputs: (rng) => [drawn(rng, domain, [extents.N, extents.b, extents.k, extents.k]), drawn(rng, domain, [extents.b * extents.k])],
  f: (θ, v) => applied(extents)(θ as Tensor, v as Tensor),
  reference: multiplied(extents),
  h: domain.h,
  roundings: (extents.way === "gram" ? 4 : 2) * (extents.N * extents.k + 1),
});

const samples = (way: Extents["way"]): readonly Sample[] => {
  const two: Extents = { N: 2, b: 2, k: 2, way };
  return [
    sample("two layers of two blocks", two),
    sample("one layer", { N: 1, b: 2, k: 2, way }),
    sample("no layers", { N: 0, b: 1, k: 2, way }),
    sample("blocks of four", { N: 2, b: 3, k: 4, way }),
    sample("one block", { N: 2, b: 1, k: 3, way }),
    sample("blocks of one", { N: 3, b: 3, k: 1, way }),
    sample("one number", { N: 1, b: 1, k: 1, way }),
    sample("no blocks", { N: 2, b: 0, k: 2, way }),
    sample("large magnitude", two, either(between(1e30, 2e30, 1e30))),
    sample("small magnitude", two, either(between(1e-30, 2e-30, 1e-30))),
    {
      ...sample("transposed and sliced views", two),
      inputs: (rng) => [drawn(rng, ordinary, [2, 2, 2, 2]), drawn(rng, ordinary, [7])],
      f: (θ, v) => applied(two)(transpose(θ as Tensor), slice(v as Tensor, { step: [2] })),
      reference: (θ, v) => multiplied(two)(transposed()(θ as Plain), sliced([0], [7], [2])(v as Plain)),
    },
    {
      ...sample("θ and v from one tensor", { N: 1, b: 1, k: 2, way }),
      inputs: (rng) => [drawn(rng, ordinary, [1, 1, 2, 2])],
      f: (x) => applied({ N: 1, b: 1, k: 2, way })(x as Tensor, firstRow(x as Tensor)),
      reference: (x) => multiplied({ N: 1, b: 1, k: 2, way })(x as Plain, { shape: [2], data: (x as Plain).data.slice(0, 2) }),
    },
  ];
};

const firstRow = (x: Tensor): Tensor => reshape(slice(x, { stop: [1, 1, 1, 2] }), [2]);

/** The fused chain of equation (2), and G̃ᵀ G̃. */
export const chainOperation: Operation = { name: "chain", samples: [...samples("forwards"), ...samples("transposed"), ...samples("gram")] };
