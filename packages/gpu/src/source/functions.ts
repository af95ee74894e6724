/*
 * Elementary functions in float32, in plain arithmetic: what shading languages promise of their own is a few bits only. Polynomials and reductions are
 * those of the Cephes library (expf, atanf, tanhf). Each is the text of statements that set `y` from `a`.
 */

/** y = eᵃ: a = k ln 2 + r with |r| ≤ ½ ln 2. Results below 2⁻¹²⁶ may be 0. */
const exponential = (a: string, y: string): string => `
  const ${y}a = Math.min(Math.max(${a}, -103.9), 88.9);
  const ${y}k = Math.floor(${y}a * 1.4426950408889634 + 0.5);
  const ${y}r = (${y}a - ${y}k * 0.693359375) + ${y}k * 0.000212194440054;
  const ${y}p = ((((0.000198756915 * ${y}r + 0.0013981999507) * ${y}r + 0.0083334519073) * ${y}r + 0.041665795894) * ${y}r
    + 0.16666665459) * ${y}r + 0.50000001201;
  const ${y} = ((${y}p * ${y}r * ${y}r + ${y}r + 1.0) * powerOfTwo(${y}k - 1.0)) * 2.0;`;

export const exp: string = `${exponential("a", "y")}
  return y;`;

/** 1/(1 + e⁻ᵃ) */
export const sigmoid: string = `${exponential("(-a)", "e")}
  return 1.0 / (1.0 + e);`;

/** Odd polynomial near 0; elsewhere 1 − 2/(e²ᵃ + 1), which is 1 from 10 on. */
export const tanh: string = `
  const s = Math.min(Math.abs(a), 10.5);
  const z = s * s;
  let y = ((((-0.00570498872745 * z + 0.0206390887954) * z - 0.0537397155531) * z + 0.133314422036) * z - 0.333332819422) * z * s + s;
  if (s > 0.625) {${exponential("(2.0 * s)", "e")}
    y = 1.0 - 2.0 / (e + 1.0);
  }
  if (a < 0.0) { y = -y; }
  return y;`;

/** Reduced to |t| ≤ tan π/8 by arctan s = π/2 − arctan 1/s and arctan s = π/4 + arctan (s − 1)/(s + 1). */
export const atan: string = `
  const s = Math.abs(a);
  let t = s;
  let y = 0.0;
  if (s > 2.414213562373095) {
    y = 1.5707963267948966;
    t = -1.0 / s;
  } else {
    if (s > 0.4142135623730950) {
      y = 0.7853981633974483;
      t = (s - 1.0) / (s + 1.0);
    }
  }
  const z = t * t;
  y = y + ((((0.0805374449538 * z - 0.138776856032) * z + 0.199777106478) * z - 0.333329491539) * z * t + t);
  if (a < 0.0) { y = -y; }
  return y;`;
