/** Ranges for each thread: the fast ones take over from those that others hold up. */
const RANGES_PER_THREAD = 4;

/**
 * How 0 … total is shared among threads: the bounds of ranges that begin at multiples of `grain`, or the whole where it takes too little time for that,
 * about `nanoseconds` in one thread. A range takes at least half of `shareAbove`, what waking the others and waiting for them is worth.
 */
export function rangesOf(
  total: number,
  { nanoseconds, grain = 1 }: { readonly nanoseconds: number; readonly grain?: number },
  { threads, shareAbove }: { readonly threads: number; readonly shareAbove: number },
): readonly number[] {
  if (threads === 1 || nanoseconds < shareAbove) return [0, total];
  const grains = Math.ceil(total / grain);
  const worthwhile = shareAbove > 0 ? Math.floor((2 * nanoseconds) / shareAbove) : grains;
  const count = Math.max(1, Math.min(grains, threads * RANGES_PER_THREAD, worthwhile));
  return Array.from({ length: count + 1 }, (_, i) => Math.min(total, Math.floor((i * grains) / count) * grain));
}
