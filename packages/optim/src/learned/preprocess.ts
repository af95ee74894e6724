import { abs, clip, log, type Matrix, maximum, portable, reshape, scale, stack, type Vector } from "@lodo/tensor";

/** p: gradients below e⁻ᵖ count as small. */
const p = 10;
const [expP, expMinusP] = [portable.exp(p), portable.exp(-p)];

/**
 * What a network sees of each coordinate of a gradient, whatever its magnitude (Andrychowicz et al. 2016, Appendix A):
 * (log|g|/p, sign g) where |g| ≥ e⁻ᵖ, and (−1, eᵖ g) elsewhere. g: [n] → [n, 2]
 */
export function preprocess(g: Vector): Matrix {
  // max(log|g|/p, −1) and eᵖ g cut off at ±1 are the same, in both cases.
  const magnitude = scale(1 / p, log(maximum(abs(g), expMinusP)));
  const direction = clip(scale(expP, g), { min: -1, max: 1 });
  return reshape(stack([magnitude, direction], { axis: 1 }), [g.shape[0], 2]);
}
