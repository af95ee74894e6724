import {
  array,
  createRng,
  type DType,
  fusedDefinitions,
  type Matrix,
  normal,
  permutation,
  type Rng,
  slice,
  type Tensor,
  type Vector,
  vjp,
} from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compose } from "../src/algebra.ts";
import { matrixOperator } from "../src/atoms.ts";
import { layersToMix } from "../src/layersToMix.ts";
import { dense } from "../src/operator.ts";
import { residualChain } from "../src/residualChain.ts";

const drawn = fc.record({ N: fc.integer({ min: 0, max: 5 }), ñ: fc.integer({ min: 1, max: 12 }), seed: fc.integer({ min: 0 }) });

const permutationsOf = (N: number, ñ: number, rng: Rng): readonly Int32Array[] =>
  Array.from({ length: N }, (_, i) => permutation(rng.split(i), ñ));

describe("a residual chain", () => {
  it("has the bits of its layers one by one in ops, and so have its derivatives", () => {
    fc.assert(
      fc.property(drawn, fc.constantFrom<DType>("float32", "float64"), fc.boolean(), ({ N, ñ, seed }, dtype, transposed) => {
        const rng = createRng(seed);
        const P = permutationsOf(N, ñ, rng);
        const [W, v, ct] = [normal(rng, [N, ñ], { dtype }), normal(rng, [ñ], { dtype }), normal(rng, [ñ], { dtype })];
        const layers = fusedDefinitions.get("residualChain") as (attrs: unknown, ...ins: Tensor[]) => Tensor;
        const ways = [
          (W: Matrix, v: Vector) => (transposed ? residualChain(P, W).transpose() : residualChain(P, W)).apply(v),
          (W: Matrix, v: Vector) => layers({ permutations: P, transposed }, W, v) as Vector,
        ];
        const [fused, composed] = ways.map((f) => {
          const [y, pullback] = vjp((θ: { W: Matrix; v: Vector }) => f(θ.W, θ.v), { W, v });
          const cts = pullback(ct);
          return [y, cts.W, cts.v].map((t) => array(t));
        });
        expect(fused).toEqual(composed);
      }),
    );
  });

  it("mixes in as many layers as the product of their matrices, read from entries", () => {
    fc.assert(
      fc.property(drawn, ({ N, ñ, seed }) => {
        const rng = createRng(seed);
        const P = permutationsOf(N, ñ, rng);
        const W = normal(rng, [N, ñ]);
        const layers = P.map((Pᵢ, i) => matrixOperator(dense(residualChain([Pᵢ], slice(W, { start: [i, 0], stop: [i + 1, ñ] })))));
        const [last, ...others] = layers.toReversed();
        if (last) expect(layersToMix(residualChain(P, W))).toBe(layersToMix(compose(last, ...others)));
      }),
    );
  });
});
