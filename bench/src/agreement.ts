/** ‖ours − theirs‖ over ‖ours‖, in the Euclidean norm; ∞ where there is no comparison. */
export function distance(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let [difference, size] = [0, 0];
  for (let i = 0; i < ours.length; i++) {
    difference += ((ours[i] as number) - (theirs[i] as number)) ** 2;
    size += (ours[i] as number) ** 2;
  }
  if (!(size < Number.POSITIVE_INFINITY) || Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
  return difference === 0 ? 0 : Math.sqrt(difference / size);
}

/** Why a result is not accepted; null if it is. */
export function disagreement(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): string | null {
  if (ours.length === 0) return "nothing to compare";
  const found = distance(ours, theirs);
  return found <= tolerance ? null : `disagrees: off by ${found.toExponential(1)}, tolerance ${tolerance.toExponential(1)}`;
}
