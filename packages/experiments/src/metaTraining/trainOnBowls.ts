import { type L2lbgdbgdWeights, metaTrain } from "@lodo/optim";
import { cast, map } from "@lodo/tensor";
import { type BowlTrainingOptions, bowlTraining } from "./bowlTraining.ts";

/** Weights, and how they came to be. */
export interface TrainedOnBowls {
  readonly options: BowlTrainingOptions;
  /** Mean losses over successive equal parts of the training, a hundred at most. */
  readonly curve: readonly number[];
  /** In float32. */
  readonly weights: L2lbgdbgdWeights;
}

/** Parts of a training, at most. */
const PARTS = 100;

/** Updates between looks at the world outside. */
const BREATH = 10;

export interface TrainOnBowlsOptions {
  /** Called after every update with its number, 1, 2, …, and its mean loss. */
  readonly onProgress?: (updates: number, loss: number) => void;
  /** Ends the training. */
  readonly signal?: AbortSignal;
  /** Ends after so many parts, to compare their losses with another's. */
  readonly parts?: number;
}

/** Trains as told. null if `signal` ended it. @throws ArgumentError for what metaTrain refuses. */
export async function trainOnBowls(
  options: BowlTrainingOptions,
  { onProgress = () => {}, signal, parts = PARTS }: TrainOnBowlsOptions = {},
): Promise<TrainedOnBowls | null> {
  const training = bowlTraining(options);
  const perPart = Math.ceil(options.updates / PARTS);
  const curve: number[] = [];
  let weights = training.weights;
  let losses: number[] = [];
  for (const { update, loss, weights: after } of metaTrain(training)) {
    weights = after;
    losses.push(loss);
    onProgress(update + 1, loss);
    if (losses.length === perPart || update + 1 === options.updates) {
      curve.push(losses.reduce((a, b) => a + b, 0) / losses.length);
      losses = [];
      if (curve.length === parts) break;
    }
    if (update % BREATH === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    if (signal?.aborted) return null;
  }
  return { options, curve, weights: map((t) => cast(t, "float32"), weights) };
}
