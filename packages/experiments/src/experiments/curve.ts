/** The mean loss of the evaluations that end at `step`, those of refused trial points left out. */
export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

/** Gathers losses into means over windows that end at `ends`. */
export interface CurveRecorder {
  /** A loss that is not finite counts as an evaluation, and is in no mean. */
  add(loss: number): void;
  /** The windows that are full, but for those without a finite loss. */
  readonly points: readonly CurvePoint[];
}

export function curveRecorder(ends: readonly number[]): CurveRecorder {
  const points: CurvePoint[] = [];
  let [step, window, sum, count] = [0, 0, 0, 0];
  return {
    points,
    add(loss) {
      step++;
      if (Number.isFinite(loss)) {
        sum += loss;
        count++;
      }
      if (step !== ends[window]) return;
      window++;
      if (count > 0) points.push({ step, loss: sum / count });
      [sum, count] = [0, 0];
    },
  };
}
