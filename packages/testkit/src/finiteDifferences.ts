import { type Tensor, tensor } from "@lodo/tensor";
import { numbers } from "./derivatives.ts";

/** The step of a difference, in length scales. A power of two, so that x + δ is mostly exact. */
export const STEP: number = 2 ** -9;

/** A column of J by differences: the derivatives of all outputs along one number, and the largest |fᵢ| met on the way. */
export interface Column {
  readonly derivative: Float64Array;
  readonly size: Float64Array;
}

/**
 * ∂f/∂x[k][j] ≈ (8 (f(x + δ) − f(x − δ)) − (f(x + 2δ) − f(x − 2δ))) / 12δ with δ = h/512, exact up to δ⁴ |f⁗′|/30
 * (Abramowitz & Stegun 25.3.21).
 */
export function differenceColumn(f: (...xs: readonly Tensor[]) => Tensor, xs: readonly Tensor[], k: number, j: number, h: number): Column {
  const δ = h * STEP;
  const moved = (by: number): Float64Array => {
    const x = xs[k] as Tensor;
    const data = numbers(x);
    data[j] = (data[j] ?? 0) + by;
    return numbers(f(...xs.with(k, tensor(data, x.shape))));
  };
  const [back2, back, ahead, ahead2] = [moved(-2 * δ), moved(-δ), moved(δ), moved(2 * δ)] as const;
  const of = (values: Float64Array, i: number): number => values[i] ?? 0;
  return {
    derivative: back.map((_, i) => (8 * (of(ahead, i) - of(back, i)) - (of(ahead2, i) - of(back2, i))) / (12 * δ)),
    size: back.map((_, i) => Math.max(...[back2, back, ahead, ahead2].map((values) => Math.abs(of(values, i))))),
  };
}
