import { scoreWindow } from "../windows.ts";

/** The losses that are scored if the run ends now, while it goes on. */
export interface TailRecorder {
  /** A loss that is not finite counts as an evaluation, and is in no mean. */
  add(loss: number): void;
  /** N, evaluations so far. */
  readonly count: number;
  /** Mean loss over 0.9 N < i < N; null if no finite one lies there. */
  readonly mean: number | null;
}

export function tailRecorder(): TailRecorder {
  let count = 0;
  // The losses of evaluations dropped + 1 … count: at least those after 0.9 N, and at most as many again.
  let kept: number[] = [];
  let dropped = 0;
  return {
    add(loss) {
      count++;
      kept.push(loss);
      const stale = scoreWindow(count)[0] - 1 - dropped;
      if (stale < 1000 || 2 * stale < kept.length) return;
      kept = kept.slice(stale);
      dropped += stale;
    },
    get count() {
      return count;
    },
    get mean() {
      const [first, last] = scoreWindow(count);
      const scored = last < first ? [] : kept.slice(first - 1 - dropped, last - dropped).filter(Number.isFinite);
      if (scored.length === 0) return null;
      return scored.reduce((sum, loss) => sum + loss, 0) / scored.length;
    },
  };
}
