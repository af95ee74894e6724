import { readFileSync } from "node:fs";
import { lbfgsCorrected, lbfgsLineSearch, type Objective, type Optimizer } from "@lodo/optim";
import {
  add,
  array,
  createRng,
  dot,
  grad,
  matmul,
  matrix,
  mul,
  scale,
  slice,
  stopGradient,
  sub,
  sum,
  type Vector,
  vector,
} from "@lodo/tensor";
import { norm2 } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly by: "torch" | "scipy";
  readonly loss: string;
  readonly H: readonly (readonly number[])[] | null;
  readonly start: readonly number[];
  readonly history: number;
  readonly rate: number;
  /** Where the loss was evaluated, in order. */
  readonly path: readonly (readonly number[])[];
  /** How far a disturbance of the start had grown by then. */
  readonly magnified: readonly number[];
}

const golden = JSON.parse(readFileSync(new URL("../../../test/golden/lbfgs.json", import.meta.url), "utf8")) as readonly Golden[];

function lossOf({ H }: Golden): Objective {
  if (H) {
    const A = matrix(H);
    return { value: (x) => add(scale(0.5, dot(x, matmul(A, x))), scale(0.25, sum(mul(mul(x, x), mul(x, x))))) };
  }
  return {
    value: (x) => {
      const n = x.shape[0];
      const [head, tail] = [slice(x, { stop: [n - 1] }), slice(x, { start: [1] })];
      const [across, along] = [sub(tail, mul(head, head)), sub(1, head)];
      return sum(add(scale(100, mul(across, across)), mul(along, along)));
    },
  };
}

/**
 * Torch's first step is min(1, 1/‖g‖₁) times the rate, our ε; from then on it is ours at a constant rate, with the newest pair's scaling. SciPy's
 * first trial has length 1, as ours has where ‖g‖₂ ≥ 1.
 */
function optimizerLike(g: Golden, loss: Objective): Optimizer<unknown> {
  if (g.by === "scipy") return lbfgsLineSearch({ history: g.history, ftol: 1e-3, gtol: 0.9, xtol: 0.1 });
  const slopes = array(grad((x: Vector) => loss.value(x))(vector(g.start)));
  const epsilon = Math.min(1, 1 / Array.from(slopes).reduce((s, x) => s + Math.abs(x), 0));
  return lbfgsCorrected({ learningRate: g.rate, tau: 1e300, history: g.history, epsilon });
}

/** Where an optimizer evaluates a loss; at one place twice in a row (before and after a step of another draw) counts once. */
function visitedBy(optimizer: Optimizer<unknown>, loss: Objective, start: readonly number[], count: number): readonly number[][] {
  const visited: number[][] = [];
  const watched: Objective = {
    value: (x) => {
      const at = [...array(stopGradient(x))];
      if (visited.at(-1)?.join() !== at.join()) visited.push(at);
      return loss.value(x);
    },
  };
  let [x, state] = [vector(start), optimizer.init(vector(start), createRng(1))];
  while (visited.length < count) {
    const update = optimizer.update(watched, x, state);
    ({ x, state } = update);
    if (update.stop) break;
  }
  return visited;
}

describe("L-BFGS evaluates where the published method does", () => {
  /**
   * A step is off by some hundred ε: thirty inner products of five terms on either side, and as many in L-BFGS-B's compact form of the same matrix.
   * What the path makes of that is recorded; beyond 10⁷ nothing is left to compare.
   */
  it.each(golden.map((g) => [`${g.by}, ${g.loss}, history ${g.history}`, g] as const))("%s", (_, g) => {
    const loss = lossOf(g);
    const visited = visitedBy(optimizerLike(g, loss), loss, g.start, g.path.length);
    let compared = 0;
    for (const [k, expected] of g.path.entries()) {
      const κ = Math.max(1, g.magnified[k] as number);
      if (κ > 1e7) break;
      const apart = norm2(expected.map((xᵢ, i) => xᵢ - (visited[k]?.[i] ?? Number.NaN)));
      expect(apart, `evaluation ${k + 1}`).toBeLessThanOrEqual(500 * 2 ** -52 * κ * (1 + norm2(expected)));
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(10);
  });
});
