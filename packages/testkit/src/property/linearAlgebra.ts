import { array, type Matrix, type Tensor } from "@lodo/tensor";
import { Counterexample, expectClose } from "../counterexample.ts";

/** ‖x‖₂ of all numbers, ‖A‖_F of a matrix. */
export function norm2(x: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += (x[i] ?? 0) ** 2;
  return Math.sqrt(s);
}

/** √(mean of squares); 1 where there is nothing or only zeros. */
export const rms = (t: Tensor): number => norm2(array(t)) / Math.sqrt(t.size || 1) || 1;

/** Σ aᵢ bᵢ */
export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += (a[i] ?? 0) * (b[i] ?? 0);
  return s;
}

/** The rows of a matrix as plain arrays. */
export function rowsOf(A: Matrix): number[][] {
  const [m, n] = A.shape;
  const data = Array.from(array(A));
  return Array.from({ length: m }, (_, i) => data.slice(i * n, (i + 1) * n));
}

/**
 * The eigenvalues of a symmetric matrix, by cyclic Jacobi rotations until the rest is below rounding (Golub & Van Loan, Section 8.5): each is
 * off by a few ε ‖A‖_F.
 */
export function eigenvalues(symmetric: readonly (readonly number[])[]): readonly number[] {
  const A = symmetric.map((row) => [...row]);
  const n = A.length;
  const a = (i: number, j: number): number => (A[i] as number[])[j] as number;
  const set = (i: number, j: number, x: number): void => {
    (A[i] as number[])[j] = x;
  };
  const rotate = (p: number, q: number): void => {
    const τ = (a(q, q) - a(p, p)) / (2 * a(p, q));
    const t = (τ < 0 ? -1 : 1) / (Math.abs(τ) + Math.sqrt(1 + τ * τ));
    const c = 1 / Math.sqrt(1 + t * t);
    const s = c * t;
    for (let i = 0; i < n; i++) {
      const [x, y] = [a(i, p), a(i, q)];
      set(i, p, c * x - s * y);
      set(i, q, s * x + c * y);
    }
    for (let j = 0; j < n; j++) {
      const [x, y] = [a(p, j), a(q, j)];
      set(p, j, c * x - s * y);
      set(q, j, s * x + c * y);
    }
  };
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) if (a(p, q) !== 0) rotate(p, q);
  }
  return A.map((_, i) => a(i, i));
}

/** @throws Counterexample unless ‖got − expected‖₂ ≤ tolerance. Returns 1, the number of comparisons. */
export function expectNear(what: string, got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): number {
  if (got.length !== expected.length) throw new Counterexample(`${what}: expected ${expected.length} numbers, got ${got.length}`);
  const distance = norm2(Array.from(expected, (x, i) => x - (got[i] ?? Number.NaN)));
  expectClose(`‖error‖₂ of ${what}`, distance, 0, tolerance);
  return 1;
}
