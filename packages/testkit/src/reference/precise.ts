/**
 * Elementary functions in 160-bit fixed point, rounded once at the end: reference values that share no code, no method and no machine
 * arithmetic with what they judge. Their own error is below 2⁻¹²⁰, so a result is the nearest number to the true value in all but one case of 2⁶⁰.
 */
const BITS = 160n;
const ONE = 1n << BITS;

/** A real number as an integer multiple of 2⁻¹⁶⁰. */
type Fixed = bigint;

const times = (a: Fixed, b: Fixed): Fixed => (a * b) >> BITS;
const over = (a: Fixed, b: Fixed): Fixed => (a << BITS) / b;
const magnitude = (a: Fixed): Fixed => (a < 0n ? -a : a);

/** x = m·2ᵉ with an integer m. */
function decompose(x: number): readonly [m: bigint, e: number] {
  let m = x;
  let e = 0;
  while (!Number.isInteger(m)) {
    m *= 2;
    e--;
  }
  return [BigInt(m), e];
}

function fixed(x: number): Fixed {
  const [m, e] = decompose(x);
  const shift = BigInt(e) + BITS;
  return shift >= 0n ? m << shift : m >> -shift;
}

/** To nearest; `Number` of a bigint rounds so, and scaling by a power of two is exact. */
const rounded = (a: Fixed): number => Number(a) / 2 ** Number(BITS);

/** Σ (−1)ᵏ or Σ of z^(2k+1)/(2k+1): arctan or artanh. */
function oddSeries(z: Fixed, sign: 1n | -1n): Fixed {
  const square = sign * times(z, z);
  let power = z;
  let sum = z;
  for (let k = 3n; power !== 0n && power !== -1n; k += 2n) {
    power = times(power, square);
    sum += power / k;
  }
  return sum;
}

const ln2: Fixed = 2n * oddSeries(ONE / 3n, 1n);
const pi: Fixed = 16n * oddSeries(ONE / 5n, -1n) - 4n * oddSeries(ONE / 239n, -1n);

/** eᵃ = (e^(a/2¹⁰))^(2¹⁰) */
function expFixed(a: Fixed): Fixed {
  const r = a >> 10n;
  let term = ONE;
  let sum = ONE;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = times(term, r) / k;
    sum += term;
  }
  for (let i = 0; i < 10; i++) sum = times(sum, sum);
  return sum;
}

/** ln(m·2ᵉ) = 2 artanh((m − 1)/(m + 1)) + e ln 2 with m in [1, 2). */
function logFixed(x: number): Fixed {
  const [m, e] = decompose(x);
  const length = m.toString(2).length - 1;
  const unit = (m << BITS) >> BigInt(length);
  return 2n * oddSeries(over(unit - ONE, unit + ONE), 1n) + BigInt(e + length) * ln2;
}

function sqrtFixed(a: Fixed): Fixed {
  const n = a << BITS;
  let r = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (r + n / r) >> 1n;
    if (next >= r) return r;
    r = next;
  }
}

function atanFixed(a: Fixed): Fixed {
  if (a < 0n) return -atanFixed(-a);
  if (a > ONE) return pi / 2n - atanFixed(over(ONE, a));
  const halved = (t: Fixed): Fixed => over(t, ONE + sqrtFixed(ONE + times(t, t)));
  return 4n * oddSeries(halved(halved(a)), -1n);
}

/** sin or cos, as the series that starts with `first` at the power `from`. */
function circular(x: number, first: (r: Fixed) => Fixed, from: bigint): Fixed {
  const a = fixed(x);
  const turns = (a + (a < 0n ? -pi : pi)) / (2n * pi);
  const r = a - turns * 2n * pi;
  const square = -times(r, r);
  let term = first(r);
  let sum = term;
  for (let k = from; magnitude(term) > 1n; k += 2n) {
    term = times(term, square) / ((k + 1n) * (k + 2n));
    sum += term;
  }
  return sum;
}

export const preciseExp = (x: number): number => rounded(expFixed(fixed(x)));
/** x > 0 */
export const preciseLog = (x: number): number => rounded(logFixed(x));
export const preciseSin = (x: number): number => rounded(circular(x, (r) => r, 1n));
export const preciseCos = (x: number): number => rounded(circular(x, () => ONE, 0n));
export const preciseAtan = (x: number): number => rounded(atanFixed(fixed(x)));
export const preciseSigmoid = (x: number): number => rounded(over(ONE, ONE + expFixed(-fixed(x))));
export const preciseTanh = (x: number): number => {
  const e = expFixed(2n * fixed(magnitudeOf(x)));
  return (x < 0 ? -1 : 1) * rounded(over(e - ONE, e + ONE));
};
/** xʸ for x > 0. */
export const precisePow = (x: number, y: number): number => rounded(expFixed(times(fixed(y), logFixed(x))));

const magnitudeOf = (x: number): number => (x < 0 ? -x : x);
