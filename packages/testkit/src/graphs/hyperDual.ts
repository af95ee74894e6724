import { epsilon } from "@lodo/tensor";

/**
 * a + b ε₁ + c ε₂ + d ε₁ε₂ with ε₁² = ε₂² = 0: arithmetic on these carries f, ∂f/∂u, ∂f/∂v and ∂²f/∂u∂v exactly, with no step and no tape
 * (Fike & Alonso, "The development of hyper-dual numbers for exact second-derivative calculations", 2011). Beside each part stands a running
 * bound on its rounding error, in units that `unit` sets (Higham, "Accuracy and stability of numerical algorithms", § 3.3).
 */
export interface HyperDual {
  readonly parts: Parts;
  readonly errors: Parts;
}

/** [a, b, c, d] */
type Parts = readonly [number, number, number, number];

const unit = epsilon.float64;

const exact: Parts = [0, 0, 0, 0];

export const hyperDual = (a: number, b = 0, c = 0): HyperDual => ({ parts: [a, b, c, 0], errors: exact });

const zip = (x: Parts, y: Parts, f: (p: number, q: number) => number): Parts => [
  f(x[0], y[0]),
  f(x[1], y[1]),
  f(x[2], y[2]),
  f(x[3], y[3]),
];

/** The parts with one more rounding each, at least of size `unit` times `size`. */
const rounded = (parts: Parts, errors: Parts, size: Parts = parts): HyperDual => ({
  parts,
  errors: zip(errors, size, (e, s) => e + unit * Math.abs(s)),
});

export const plus = (x: HyperDual, y: HyperDual): HyperDual =>
  rounded(
    zip(x.parts, y.parts, (p, q) => p + q),
    zip(x.errors, y.errors, (p, q) => p + q),
  );

/** The products that make up each part of x y, as pairs of places. */
const PRODUCTS: readonly (readonly (readonly [number, number])[])[] = [
  [[0, 0]],
  [
    [0, 1],
    [1, 0],
  ],
  [
    [0, 2],
    [2, 0],
  ],
  [
    [0, 3],
    [1, 2],
    [2, 1],
    [3, 0],
  ],
];

const combine = (f: (i: number, j: number) => number): Parts =>
  PRODUCTS.map((pairs) => pairs.reduce((s, [i, j]) => s + f(i, j), 0)) as unknown as Parts;

export function multiplied(x: HyperDual, y: HyperDual): HyperDual {
  const at = (p: Parts, i: number): number => p[i] ?? 0;
  const size = (p: Parts, i: number): number => Math.abs(at(p, i));
  const parts = combine((i, j) => at(x.parts, i) * at(y.parts, j));
  const terms = combine((i, j) => size(x.parts, i) * size(y.parts, j));
  const errors = combine((i, j) => size(x.parts, i) * at(y.errors, j) + at(x.errors, i) * size(y.parts, j));
  return rounded(
    parts,
    errors,
    zip(terms, terms, (t) => 4 * t),
  );
}

/** A function of one number with three derivatives at it, and what rounding them may cost in units of `unit`, where that is more than their size. */
export interface Jet {
  readonly f: Parts;
  readonly size?: readonly [number, number, number];
}

/** f(x) = f(a) + f′ (b ε₁ + c ε₂) + (f′ d + f″ b c) ε₁ε₂. The third derivative serves the error bound alone. */
export function applied(jet: (a: number) => Jet, x: HyperDual): HyperDual {
  const [a, b, c, d] = x.parts;
  const [ea, eb, ec, ed] = x.errors;
  const { f, size } = jet(a);
  const [f0, f1, f2, f3] = f;
  const [s0, s1, s2] = size ?? [Math.abs(f0), Math.abs(f1), Math.abs(f2)];
  const [B, C, D] = [Math.abs(b), Math.abs(c), Math.abs(d)];
  const e0 = Math.abs(f1) * ea + unit * s0;
  const e1 = Math.abs(f2) * ea + unit * s1;
  const e2 = Math.abs(f3) * ea + unit * s2;
  const F1 = Math.abs(f1);
  const F2 = Math.abs(f2);
  return rounded(
    [f0, f1 * b, f1 * c, f1 * d + f2 * b * c],
    [e0, e1 * B + F1 * eb, e1 * C + F1 * ec, e1 * D + F1 * ed + e2 * B * C + F2 * (eb * C + B * ec)],
    [f0, f1 * b, f1 * c, F1 * D + F2 * B * C],
  );
}
