// Fits the polynomials of assembly/: interpolation at Chebyshev's points, within a small factor of the best. Prints coefficients by rising power,
// rounded to float32, and the largest error that they leave, beside u = 2⁻²⁴, half an ulp: node packages/kernels/coefficients/fit.js
import { portable } from "@lodo/tensor";

/** Chebyshev's n points of [a, b], from b down. */
const chebyshev = (n, a, b) =>
  Array.from({ length: n }, (_, k) => (a + b) / 2 + ((b - a) / 2) * portable.cos(((2 * k + 1) * Math.PI) / (2 * n)));

/** n points of (0, b] that together with 0 are Chebyshev's, of an interval a little longer: for errors that count in proportion to x. */
function besideZero(n, b) {
  const least = portable.cos(Math.PI / (2 * n + 2));
  return chebyshev(n + 1, (b * (least - 1)) / (least + 1), b).slice(0, n);
}

/** Coefficients by rising power of the polynomial through f at points, by divided differences. */
function interpolate(f, points) {
  const degree = points.length - 1;
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
    points: besideZero(8, 1),
    weight: (z) => (z * Math.sqrt(z)) / portable.atan(Math.sqrt(z)),
  },
  "tanh x = x + x z q(z), z = x², |x| ≤ 0.625": {
    f: (z) => (portable.tanh(Math.sqrt(z)) / Math.sqrt(z) - 1) / z,
    interval: [2 ** -20, 0.625 ** 2],
    points: chebyshev(6, 2 ** -20, 0.625 ** 2),
    weight: (z) => (z * Math.sqrt(z)) / portable.tanh(Math.sqrt(z)),
  },
  "ln(1 + f) = f − f²/2 + f³ q(f), √½ ≤ 1 + f ≤ √2": {
    f: (f) => (log1p(f) - f + (f * f) / 2) / (f * f * f),
    interval: [Math.SQRT1_2 - 1, Math.SQRT2 - 1],
    points: chebyshev(10, Math.SQRT1_2 - 1, Math.SQRT2 - 1),
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
    points,
    weight,
  },
] of Object.entries(fits)) {
  const p = interpolate(f, points).map(Math.fround);
  let worst = 0;
  for (let i = 1; i < 10000; i++) {
    const x = a + ((b - a) * i) / 10000;
    if (Math.abs(x) > 1e-3) worst = Math.max(worst, Math.abs((horner(p, x) - f(x)) * weight(x)));
  }
  console.log(`${name}\n  ${p.join(", ")}\n  relative error ${(worst * 2 ** 24).toFixed(4)} u`);
}
