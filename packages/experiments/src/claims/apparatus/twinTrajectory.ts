import { Matrix as Dense } from "ml-matrix";
import { type Twin, twinAt } from "./denseTwin.ts";

/** A rule from hypergradients to steps, as a fresh function with memory. */
export type PlainMeta = () => (hypergradient: readonly number[]) => number[];

/** Δ = −α g */
export const plainSgd =
  (alpha: number): PlainMeta =>
  () =>
  (g) =>
    g.map((gᵢ) => -alpha * gᵢ);

/** Adam as Keras has it, with its defaults. */
export const plainAdam =
  (alpha: number): PlainMeta =>
  () => {
    const [β1, β2, ε] = [0.9, 0.999, 1e-7];
    let [μ, ν]: [number[], number[]] = [[], []];
    let [β1ᵗ, β2ᵗ] = [1, 1];
    return (g) => {
      [β1ᵗ, β2ᵗ] = [β1ᵗ * β1, β2ᵗ * β2];
      μ = g.map((gᵢ, i) => β1 * (μ[i] ?? 0) + (1 - β1) * gᵢ);
      ν = g.map((gᵢ, i) => β2 * (ν[i] ?? 0) + (1 - β2) * gᵢ * gᵢ);
      return μ.map((μᵢ, i) => ((-alpha * Math.sqrt(1 - β2ᵗ)) / (1 - β1ᵗ)) * (μᵢ / (Math.sqrt(ν[i] as number) + ε)));
    };
  };

export interface TwinPoint {
  readonly x: readonly number[];
  readonly θ: readonly number[];
  readonly loss: number;
}

export interface TwinRun {
  readonly H: Dense;
  /** The centre of the bowl at each evaluation. */
  readonly centres: readonly (readonly number[])[];
  readonly x0: readonly number[];
  readonly θ0: readonly number[];
  /** β */
  readonly beta: number;
  readonly meta: PlainMeta;
}

/** Algorithm 1 on a wandering bowl, with G held as a matrix. */
export function twinTrajectory(twin: Twin, { H, centres, x0, θ0, beta: β, meta }: TwinRun): TwinPoint[] {
  const step = meta();
  let [x, θ, m]: [readonly number[], readonly number[], number[]] = [x0, θ0, x0.map(() => 0)];
  return centres.map((centre) => {
    const at = twinAt(twin, θ);
    // (1)  x_{t+1} = x_t − G(θ_t) m_t
    const Gm = at.G.mmul(Dense.columnVector(m)).to1DArray();
    x = x.map((xᵢ, i) => xᵢ - (Gm[i] as number));
    const b = Dense.columnVector(x.map((xᵢ, i) => xᵢ - (centre[i] as number)));
    const gradient = H.mmul(b);
    const g = gradient.to1DArray();
    const Δ = step(at.hypergradient(g, m));
    θ = θ.map((θᵢ, i) => θᵢ + (Δ[i] as number));
    m = m.map((mᵢ, i) => β * mᵢ + (1 - β) * (g[i] as number));
    return { x, θ, loss: 0.5 * b.transpose().mmul(gradient).get(0, 0) };
  });
}
