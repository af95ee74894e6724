import { optimizers } from "@lodo/optim";
import { defineArchitecture, dense, kronecker, rate } from "@lodo/preconditioner";
import { array, createRng, type Layout, layoutOf, map, normal, type Tensor, zeros } from "@lodo/tensor";
import { conformsToPreconditioner, suiteSeed } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

/** A kernel [2, 2, 3] as a 4 × 3 grid, a bias of 3 and a scalar. */
const layout = layoutOf({ bias: zeros([3]), kernel: zeros([2, 2, 3]), temperature: zeros([]) });

/** A layout of n elements: a matrix, a vector and a scalar as far as they go. */
function layersOf(n: number): Layout {
  const rows = Math.floor((n - 1) / 3);
  return layoutOf({ first: zeros([rows, 2]), second: zeros([n - 1 - 2 * rows]), third: zeros([]) });
}

const overLayers = defineArchitecture({
  id: "kronecker over layers",
  summary: "with a layout",
  reference: "none",
  hyperparameters: { alpha0: rate(0.5, "α₀") },
  cost: ({ dim, alpha0 }) => kronecker.cost({ dim, layout: layersOf(dim) }, { alpha0 }),
  build: ({ dim, dtype, alpha0 }) => kronecker({ dim, dtype, alpha0, layout: layersOf(dim) }),
});
conformsToPreconditioner({ describe, it }, overLayers, { cases: 12, seed: suiteSeed(process.env) });

describe("kronecker over a task's layout", () => {
  const rng = createRng(1);

  it("has a pair of factors for each layer: its last axis, and all others", () => {
    const θ = kronecker({ dim: 16, layout }).init(rng);
    expect(θ.map(({ A, B }) => [A.shape[0], B.shape[0]])).toEqual([
      [1, 3],
      [4, 3],
      [1, 1],
    ]);
    expect(kronecker.cost({ dim: 16, layout }).parameters).toBe(1 + 9 + 16 + 9 + 1 + 1);
  });

  it("is α₀ AᵀA ⊗ BᵀB on each, and joins no two", () => {
    const G = kronecker({ dim: 16, layout, alpha0: 0.5 });
    const θ = map((t: Tensor) => normal(rng, t.shape), G.init(rng)) as ReturnType<typeof G.init>;
    const entries = array(dense(G.at(θ)));
    const starts = [0, 3, 15, 16];
    const layerOf = (i: number): number => starts.findLastIndex((start) => i >= start);
    const gramOf = (M: Tensor, i: number, j: number): number => {
      const size = M.shape[0] as number;
      let sum = 0;
      for (let row = 0; row < size; row++) sum += M.storage.get(row, i) * M.storage.get(row, j);
      return sum;
    };
    // Two Gram matrices of sides up to 4, their product and α₀: some ten roundings of what is at most the largest entry, on either side.
    const rounding = 20 * Number.EPSILON * Math.max(...entries.map(Math.abs));
    for (let i = 0; i < 16; i++) {
      for (let j = 0; j < 16; j++) {
        const layer = layerOf(i);
        const { A, B } = θ[layer] as (typeof θ)[number];
        const [p, q, c] = [i - (starts[layer] as number), j - (starts[layer] as number), B.shape[0]];
        const expected = layerOf(j) === layer ? 0.5 * gramOf(A, Math.floor(p / c), Math.floor(q / c)) * gramOf(B, p % c, q % c) : 0;
        expect(Math.abs((entries[16 * i + j] as number) - expected)).toBeLessThanOrEqual(rounding);
      }
    }
  });

  it("refuses layers out of order", () => {
    const reversed = { ...layout, slices: layout.slices.toReversed() };
    const message = 'kronecker: layout: expected slice "temperature" to start at 0, where those before it end, got 15';
    expect(() => kronecker({ dim: 16, layout: reversed })).toThrow(message);
    expect(() => kronecker.cost({ dim: 16, layout: reversed })).toThrow(message);
  });

  it("LODO is told a task's layers, and tells the architecture", () => {
    const registered = optimizers.find(({ id }) => id === "lodo") as (typeof optimizers)[number];
    const thetaWith = (problem: { readonly layout?: Layout }): number => {
      const optimizer = registered.create({ dim: 16, rng: createRng(2), steps: 10, ...problem }, { preconditioner: "kronecker" });
      return (optimizer.init(zeros([16]), createRng(3)) as { readonly theta: readonly unknown[] }).theta.length;
    };
    expect(thetaWith({ layout })).toBe(3);
    expect(thetaWith({})).toBe(1);
  });
});
