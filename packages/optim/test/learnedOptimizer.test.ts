import { l2lbgdbgd, l2lbgdbgdWeights } from "@lodo/optim";
import { array, concat, createRng, type Matrix, normal, reshape, slice, type Vector, vector, zeros } from "@lodo/tensor";
import { expectSameBits } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

/** The steps that gradients come to, one after the other. */
function stepsFor(gradients: readonly Vector[]): readonly Vector[] {
  const { init, update } = l2lbgdbgd<Vector>();
  let state = init(zeros([gradients[0]?.shape[0] ?? 0]));
  return gradients.map((g) => {
    const [Δ, next] = update(g, state, g);
    state = next;
    return Δ;
  });
}

const gradients = Array.from({ length: 6 }, (_, t) => normal(createRng(t), [5]));

describe("l2lbgdbgd", () => {
  it("treats each coordinate as if it were alone", () => {
    const together = stepsFor(gradients);
    for (let i = 0; i < 5; i++) {
      const coordinate = (x: Vector): Vector => slice(x, { start: [i], stop: [i + 1] });
      for (const [t, alone] of stepsFor(gradients.map(coordinate)).entries()) {
        expectSameBits(`coordinate ${i} at step ${t}`, array(alone), array(coordinate(together[t] as Vector)));
      }
    }
  });

  it("lets a coordinate wait for its first gradient that is not 0, and coast from then on", () => {
    const steps = stepsFor(
      [
        [0, 1],
        [0, 0],
        [-1, 0],
        [0, 0],
      ].map((g) => vector(g)),
    );
    expect(steps.map((Δ) => Array.from(array(Δ), (δ) => δ !== 0))).toEqual([
      [false, true],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it("steps against the gradient", () => {
    const [Δ] = stepsFor([vector([1, -1])]);
    const [forwards = Number.NaN, backwards = Number.NaN] = array(Δ as Vector);
    expect(forwards).toBeLessThan(0);
    expect(backwards).toBeGreaterThan(0);
  });

  it("has at least one layer of at least one unit", () => {
    for (const key of ["layers", "hidden"])
      expect(() => l2lbgdbgdWeights(createRng(0), { [key]: 0 })).toThrow(
        `l2lbgdbgdWeights: ${key} must be an integer of at least 1, got 0`,
      );
  });

  it("moves a tree as the vector of all its numbers", () => {
    const tree = (x: Vector): { readonly A: Matrix; readonly b: Vector } => ({
      A: reshape(slice(x, { stop: [4] }), [2, 2]),
      b: slice(x, { start: [4] }),
    });
    const { init, update } = l2lbgdbgd<ReturnType<typeof tree>>();
    let state = init(tree(zeros([5])));
    for (const [t, expected] of stepsFor(gradients).entries()) {
      const g = tree(gradients[t] as Vector);
      const [Δ, next] = update(g, state, g);
      state = next;
      expect(Δ.A.shape).toEqual([2, 2]);
      expectSameBits(`step ${t}`, array(concat([reshape(Δ.A, [4]), Δ.b])), array(expected));
    }
  });
});
