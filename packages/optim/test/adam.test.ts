import {
  array,
  createRng,
  type DType,
  debugNaNs,
  NaNError,
  normal,
  type Params,
  scale,
  type Tensor,
  transpose,
  type Vector,
  vector,
  vjp,
} from "@lodo/tensor";
import fc from "fast-check";
import { expect, it } from "vitest";
import { adam } from "../src/index.ts";

type Tree = { readonly a: Tensor; readonly b: readonly Tensor[] };

it("in one pass, Adam gives the bits of its definition in ops, which a differentiated gradient runs", () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom<DType>("float64", "float32"), fc.integer({ min: -30, max: 30 }), (seed, dtype, exponent) => {
      const rng = createRng(seed);
      const method = adam<Tree>({ learningRate: 0.1, b1: 0.8, b2: 0.95 });
      const drawn = (): Tree => ({
        a: transpose(scale(2 ** exponent, normal(rng, [3, 2], { dtype }))),
        b: [normal(rng, [5], { dtype }), normal(rng, [0], { dtype })],
      });
      let state = method.init(drawn());
      for (let t = 0; t < 3; t++) {
        const g = drawn();
        const [Δ, next] = method.update(g, state, g);
        const [traced] = vjp((g: Params) => method.update(g as Tree, state, g as Tree)[0] as Params, g as Params);
        const [moments] = vjp((g: Params) => {
          const { mu, nu } = method.update(g as Tree, state, g as Tree)[1];
          return [mu, nu] as Params;
        }, g as Params);
        expect([Δ, next.mu, next.nu].flatMap(bits)).toEqual(
          [traced, ...(moments as readonly Params[])].flatMap((tree) => bits(tree as Tree)),
        );
        state = next;
      }
    }),
  );
});

const bits = ({ a, b }: Tree): readonly ArrayLike<number>[] => [a, ...b].map(array);

it("in one pass, Adam names itself where the first NaN arises", () => {
  const method = adam<Vector>();
  const state = method.init(vector([0]));
  const infinite = vector([Number.POSITIVE_INFINITY]);
  expect(() => debugNaNs(() => method.update(infinite, state, infinite))).toThrow(NaNError);
});
