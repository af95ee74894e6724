/** The mean loss of the evaluations that end at `step`. */
export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

/** Gathers losses into means over windows that end at `ends`. */
export interface CurveRecorder {
  add(loss: number): void;
  /** The windows that are full. */
  readonly points: readonly CurvePoint[];
}

export function curveRecorder(ends: readonly number[]): CurveRecorder {
  const points: CurvePoint[] = [];
  let step = 0;
  let sum = 0;
  let count = 0;
  return {
    points,
    add(loss) {
      step++;
      sum += loss;
      count++;
      if (step !== ends[points.length]) return;
      points.push({ step, loss: sum / count });
      sum = 0;
      count = 0;
    },
  };
}
