/**
 * Windows with a stride of s are met, along one axis, by the pixels of s phases: pixel i, with i + before = p + s q, by the taps p, p + s, … of
 * the windows q, q − 1, …. So what reaches the pixels of one phase is a convolution of stride 1, of the cotangent with every s-th tap, flipped.
 */
export interface Phase {
  /** Taps p, p + s, …: how many. */
  readonly taps: number;
  /** The last of them, which comes first in the flipped filter; −1 where there is none. */
  readonly last: number;
  /** Pixels first, first + s, …: how many. */
  readonly first: number;
  readonly count: number;
  /** Row of the cotangent, with `border` zeros before it, where the first pixel's window begins. */
  readonly start: number;
}

/** Along an axis of n pixels, with a filter of k taps and `before` pixels of padding. */
export function phasesAlong(n: number, k: number, stride: number, before: number): readonly Phase[] {
  const border = borderAlong(k, stride);
  const phases: Phase[] = [];
  // No pixel lies further from the border's start, however long the stride.
  for (let p = 0; p < Math.min(stride, before + n); p++) {
    const taps = Math.max(0, Math.ceil((k - p) / stride));
    const q = Math.max(0, Math.ceil((before - p) / stride));
    const first = p + stride * q - before;
    const count = Math.ceil((n - first) / stride);
    if (count > 0) phases.push({ taps, last: p + stride * (taps - 1), first, count, start: q - taps + 1 + border });
  }
  return phases;
}

/** Zeros that the cotangent needs before its first row: as many as the first window of any phase reaches back. */
export const borderAlong = (k: number, stride: number): number => Math.ceil(k / stride) - 1;

/** Rows that all windows of all phases reach, the border among them. */
export const reachAlong = (n: number, k: number, stride: number, before: number): number =>
  Math.floor((n - 1 + before) / stride) + 1 + borderAlong(k, stride);
