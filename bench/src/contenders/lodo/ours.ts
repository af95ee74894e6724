import { type AdamState, adam, lodo } from "@lodo/optim";
import { blockPermutation, type Layers } from "@lodo/preconditioner";
import { type DType, dot, type Params, type Vector, vjp } from "@lodo/tensor";
import type { Contender } from "../../workload.ts";
import { type BackendName, ours } from "../ours.ts";
import { K, N, type Setting } from "./setting.ts";

export type Part = "G m" | "G m and pull-back" | "Adam on θ" | "step";

/** A part of a step of Algorithm 1 through the public API. */
export async function ourLodo(backend: BackendName, dtype: DType, part: Part, s: Setting): Promise<Contender> {
  const us = await ours(backend);
  const G = blockPermutation({ dim: s.n, dtype, depth: N, blockSize: K, permutations: s.permutations });
  const place = (data: ArrayLike<number>, shape: readonly number[]) => us.place(data, shape, dtype);
  const theta = place(s.theta, s.thetaShape) as Layers;
  const [m, g] = [s.m, s.g].map((data) => place(data, [s.n])) as [Vector, Vector];
  const [hypergradient, mu, nu] = [s.hypergradient, s.mu, s.nu].map((data) => place(data, s.thetaShape)) as [Layers, Layers, Layers];
  const state: AdamState<Layers> = { mu, nu, b1t: 0.9, b2t: 0.999 };
  const meta = adam<Layers>();
  const optimizer = lodo(G, { meta });
  const parts: Readonly<Record<Part, () => Params>> = {
    "G m": () => G.at(theta).apply(m),
    "G m and pull-back": () => {
      const [y, pullback] = vjp((θ: Layers) => G.at(θ).apply(m), theta);
      return [y, pullback(g)];
    },
    "Adam on θ": () => meta.update(hypergradient, state, theta)[0],
    // The loss is linear, so that what is timed is LODO and not its loss.
    step: () => {
      const { x, state: next } = optimizer.update({ value: (x) => dot(g, x) }, m, { theta, m, meta: state });
      return [x, next.theta];
    },
  };
  return {
    name: `${us.name} ${dtype}`,
    run: () => us.step(parts[part]),
    result: () => us.numbers(parts[part]),
    close: us.close,
  };
}
