// Fits the polynomials of assembly/: interpolation at Chebyshev's points, which is within a small factor of the best. Prints coefficients by rising power,
// rounded to float32, and the largest error that they leave, beside u = 2⁻²⁴, half an ulp: node packages/kernels/coefficients/fit.js
import { portable } from "@lodo/tensor";

/** Coefficients by rising power of the polynomial of a degree through f at Chebyshev's points of [a, b], by divided differences. */
function interpolate(f, a, b, degree) {
  const points = Array.from(
    { length: degree + 1 },
    (_, k) => (a + b) / 2 + ((b - a) / 2) * portable.cos(((2 * k + 1) * Math.PI) / (2 * degree + 2)),
  );
  const newton = points.map(f);
  for (let level = 1; level <= degree; level++)
    for (let k = degree; k >= level; k--) newton[k] = (newton[k] - newton[k - 1]) / (points[k] - points[k - level]);
  return newton.reduceRight((p, c, k) => {
    const shifted = [0].concat(p);
    const scaled = [...p.map((x) => -points[k] * x), 0];
    return shifted.map((x, i) => x + scaled[i] + (i === 0 ? c : 0)).slice(0, degree + 1);
  }, []);
}

const horner = (p, x) => p.reduceRight((s, c) => s * x + c, 0);

/** Each function with the part of it that is a polynomial, and how much of the relative error of the whole an error of that part makes. */
const fits = {
  "atan t = t + t z q(z), z = t², 0 ≤ t ≤ 1": {
    f: (z) => (portable.atan(Math.sqrt(z)) / Math.sqrt(z) - 1) / z,
    interval: [2 ** -20, 1],
    degree: 9,
    weight: (z) => (z * Math.sqrt(z)) / portable.atan(Math.sqrt(z)),
  },
  "tanh x = x + x z q(z), z = x², |x| ≤ 0.625": {
    f: (z) => (portable.tanh(Math.sqrt(z)) / Math.sqrt(z) - 1) / z,
    interval: [2 ** -20, 0.625 ** 2],
    degree: 5,
    weight: (z) => (z * Math.sqrt(z)) / portable.tanh(Math.sqrt(z)),
  },
  "ln(1 + f) = f − f²/2 + f³ q(f), √½ ≤ 1 + f ≤ √2": {
    f: (f) => (log1p(f) - f + (f * f) / 2) / (f * f * f),
    interval: [Math.SQRT1_2 - 1, Math.SQRT2 - 1],
    degree: 9,
    weight: (f) => (f * f * f) / log1p(f),
  },
};

/** ln(1 + f), by its series where the logarithm would cancel. */
function log1p(f) {
  if (Math.abs(f) > 0.1) return portable.log(1 + f);
  let sum = 0;
  for (let k = 20, sign = -1; k >= 1; k--, sign = -sign) sum = sum * f + (sign * 1) / k;
  return sum * f;
}

for (const [
  name,
  {
    f,
    interval: [a, b],
    degree,
    weight,
  },
] of Object.entries(fits)) {
  const p = interpolate(f, a, b, degree).map(Math.fround);
  let worst = 0;
  for (let i = 1; i < 10000; i++) {
    const x = a + ((b - a) * i) / 10000;
    if (Math.abs(x) > 1e-3) worst = Math.max(worst, Math.abs((horner(p, x) - f(x)) * weight(x)));
  }
  console.log(`${name}\n  ${p.join(", ")}\n  relative error ${(worst * 2 ** 24).toFixed(4)} u`);
}
