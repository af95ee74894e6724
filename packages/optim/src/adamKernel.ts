import { contiguousKernel, type Data, type DType, defineKernel, emptyStorage, type Kernel, type Strided } from "@lodo/tensor";

/** What is the same for every number. */
export interface AdamConstants {
  /** β₁ and β₂ */
  readonly b1: number;
  readonly b2: number;
  /** −η √(1 − β₂ᵗ)/(1 − β₁ᵗ) */
  readonly step: number;
  /** ε */
  readonly eps: number;
}

type Three<T> = readonly [T, T, T];

const exactly = (x: number): number => x;

/**
 * A step of Adam in one pass: μ′ = β₁ μ + (1 − β₁) g, ν′ = β₂ ν + (1 − β₂) g² and Δ = step · μ′/(√ν′ + ε), as Δ, μ′, ν′. Every operation rounds to
 * the dtype, as the same one does alone.
 */
export const adamKernel: Kernel<readonly [constants: AdamConstants, g: Strided, μ: Strided, ν: Strided], Three<Strided>> = defineKernel(
  "adam",
  ({ b1, b2, step, eps }, ...ins) => {
    const [{ data: g, offset: atG, size, dtype }, { data: μ, offset: atμ }, { data: ν, offset: atν }] = ins.map((x) =>
      contiguousKernel(x),
    ) as readonly Strided[] as Three<Strided>;
    const outs = ins.map(({ shape }) => emptyStorage(shape, dtype as DType)) as readonly Strided[] as Three<Strided>;
    const [Δ, μNext, νNext] = outs.map(({ data }) => data) as readonly Data[] as Three<Data>;
    const round = dtype === "float32" ? Math.fround : exactly;
    const [keep1, take1, keep2, take2] = [round(b1), round(1 - b1), round(b2), round(1 - b2)];
    const [rate, ε] = [round(step), round(eps)];
    for (let i = 0; i < size; i++) {
      const gi = g[atG + i] as number;
      const μi = round(round(keep1 * (μ[atμ + i] as number)) + round(take1 * gi));
      const νi = round(round(keep2 * (ν[atν + i] as number)) + round(take2 * round(gi * gi)));
      μNext[i] = μi;
      νNext[i] = νi;
      Δ[i] = round(rate * μi) / round(round(Math.sqrt(νi)) + ε);
    }
    return outs;
  },
);
