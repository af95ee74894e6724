import { permutation, type Rng, type Shape, type Tensor, tensor } from "@lodo/tensor";
import { count } from "../reference/plain.ts";

/** Where a number is drawn from, and the length scale there. */
export interface Domain {
  readonly draw: (rng: Rng) => number;
  readonly h: number;
}

export const between = (low: number, high: number, h: number): Domain => ({ draw: (rng) => low + (high - low) * rng.uniform(), h });

/** ± a number of the domain. */
export const either = ({ draw, h }: Domain): Domain => ({ draw: (rng) => (rng.uniform() < 0.5 ? -1 : 1) * draw(rng), h });

/** Multiples of 2⁻⁸: float32 holds them, and their differences, exactly. */
export const dyadic: Domain = { draw: (rng) => (rng.integer(1025) - 512) / 256, h: 1 };

/** Ordinary numbers for maps that are linear or bilinear, where any length scale is right. */
export const ordinary: Domain = either(between(0.25, 2, 1));

export const times = (c: number, { draw, h }: Domain): Domain => ({ draw: (rng) => c * draw(rng), h: c * h });

export const drawn = (rng: Rng, { draw }: Domain, shape: Shape): Tensor =>
  tensor(
    Float64Array.from({ length: count(shape) }, () => draw(rng)),
    shape,
  );

/** Numbers at least 0.3 h apart: no ties within reach of a difference. */
export function drawnApart(rng: Rng, { h }: Domain, shape: Shape): Tensor {
  const order = permutation(rng, count(shape));
  return tensor(
    Float64Array.from(order, (i) => h * (0.5 * (i - order.length / 2) + 0.2 * rng.uniform())),
    shape,
  );
}

/** Small integers, so that ties are common. */
export const tying: Domain = { draw: (rng) => rng.integer(3) - 1, h: 1 };
