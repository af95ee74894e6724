import { residualChain } from "@lodo/preconditioner";
import { createRng, type Matrix, permutation, reshape, slice, type Tensor, transpose, type Vector } from "@lodo/tensor";
import { type Reference, sliced, transposed } from "../reference/operations.ts";
import { at, build, type Plain } from "../reference/plain.ts";
import type { Operation, Sample } from "../sample.ts";
import { between, type Domain, drawn, either, ordinary } from "./domain.ts";

/** W: [N, ñ], and which way it is applied. */
interface Extents {
  readonly N: number;
  readonly ñ: number;
  readonly way: "forwards" | "transposed";
}

/** Permutations are attributes, not inputs: fixed for each width. */
const permutationsOf = ({ N, ñ }: Extents): readonly Int32Array[] =>
  Array.from({ length: N }, (_, i) => permutation(createRng(ñ).split(i), ñ));

const applied =
  (extents: Extents) =>
  (W: Tensor, v: Tensor): Tensor => {
    const G = residualChain(permutationsOf(extents), W as Matrix);
    return (extents.way === "forwards" ? G : G.transpose()).apply(v as Vector);
  };

/** I + W_i P_i, entry by entry. */
const layerMatrix = (W: Plain, P: Int32Array, i: number): Plain =>
  build([P.length, P.length], ([row = 0, col = 0]) => (row === col ? 1 : 0) + (P[row] === col ? at(W, [i, row]) : 0));

const times = (A: Plain, v: Plain): Plain => build(v.shape, ([i = 0]) => v.data.reduce((s, x, j) => s + at(A, [i, j]) * x, 0));

const multiplied =
  (extents: Extents): Reference =>
  (W, v) => {
    const layers = permutationsOf(extents).map((P, i) => layerMatrix(W as Plain, P, i));
    return extents.way === "forwards"
      ? layers.reduce((u, A) => times(A, u), v as Plain)
      : layers.reduceRight((u, A) => times(transposed()(A), u), v as Plain);
  };

/** Each layer rounds a product and a sum, and its reference the entry where both terms of I + W P stand, a product and a sum. */
const sample = (name: string, extents: Extents, domain: Domain = ordinary): Sample => ({
  name: extents.way === "forwards" ? name : `${name}, ${extents.way}`,
  inputs: (rng) => [drawn(rng, domain, [extents.N, extents.ñ]), drawn(rng, domain, [extents.ñ])],
  f: (W, v) => applied(extents)(W as Tensor, v as Tensor),
  reference: multiplied(extents),
  h: domain.h,
  roundings: 3 * extents.N,
});

const samples = (way: Extents["way"]): readonly Sample[] => {
  const two: Extents = { N: 2, ñ: 4, way };
  return [
    sample("two layers of four units", two),
    sample("one layer", { N: 1, ñ: 5, way }),
    sample("no layers", { N: 0, ñ: 3, way }),
    sample("four layers", { N: 4, ñ: 3, way }),
    sample("one number", { N: 2, ñ: 1, way }),
    sample("no units", { N: 2, ñ: 0, way }),
    sample("large magnitude", two, either(between(1e30, 2e30, 1e30))),
    sample("small magnitude", two, either(between(1e-30, 2e-30, 1e-30))),
    {
      ...sample("transposed and sliced views", two),
      inputs: (rng) => [drawn(rng, ordinary, [4, 2]), drawn(rng, ordinary, [7])],
      f: (W, v) => applied(two)(transpose(W as Tensor), slice(v as Tensor, { step: [2] })),
      reference: (W, v) => multiplied(two)(transposed()(W as Plain), sliced([0], [7], [2])(v as Plain)),
    },
    {
      ...sample("W and v from one tensor", two),
      inputs: (rng) => [drawn(rng, ordinary, [2, 4])],
      f: (x) => applied(two)(x as Tensor, reshape(slice(x as Tensor, { stop: [1, 4] }), [4])),
      reference: (x) => multiplied(two)(x as Plain, { shape: [4], data: (x as Plain).data.slice(0, 4) }),
    },
  ];
};

/** The fused product of layers I + W P, and its transpose. */
export const residualChainOperation: Operation = { name: "residualChain", samples: [...samples("forwards"), ...samples("transposed")] };
