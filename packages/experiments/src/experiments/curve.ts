/** The mean loss of the evaluations that end at `step`, those of refused trial points left out. */
export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

/** What a recorder has come to. */
export interface CurveState {
  /** The windows that are full, but for those without a finite loss. */
  readonly points: readonly CurvePoint[];
  /** Losses so far. */
  readonly step: number;
  /** Windows that are full. */
  readonly window: number;
  /** Of the finite losses in the next. */
  readonly sum: number;
  readonly count: number;
}

/** Gathers losses into means over windows that end at `ends`. */
export interface CurveRecorder {
  /** A loss that is not finite counts as an evaluation, and is in no mean. */
  add(loss: number): void;
  readonly points: CurveState["points"];
  readonly state: CurveState;
}

const empty: CurveState = { points: [], step: 0, window: 0, sum: 0, count: 0 };

/** Goes on from a state of another. */
export function curveRecorder(ends: readonly number[], from: CurveState = empty): CurveRecorder {
  const points = [...from.points];
  let { step, window, sum, count } = from;
  return {
    points,
    get state() {
      return { points, step, window, sum, count };
    },
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
