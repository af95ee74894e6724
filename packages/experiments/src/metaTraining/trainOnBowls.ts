import { type L2lbgdbgdWeights, metaTrain } from "@lodo/optim";
import { cast, map } from "@lodo/tensor";
import { type BowlTrainingOptions, bowlTraining } from "./bowlTraining.ts";
import type { TrainingCheckpoint } from "./checkpoint.ts";

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

/** Seconds between two checkpoints. */
const PATIENCE = 60;

export interface TrainOnBowlsOptions {
  /** Called after every update with its number, 1, 2, …, and its mean loss. */
  readonly onProgress?: (updates: number, loss: number) => void;
  /** Ends the training. */
  readonly signal?: AbortSignal;
  /** Where to go on from: a checkpoint of a training with these options. */
  readonly from?: TrainingCheckpoint;
  /** Given a checkpoint every minute, and where `signal` ends the training. */
  readonly save?: (checkpoint: TrainingCheckpoint) => void;
  /** Ends after so many parts, to compare their losses with another's. */
  readonly parts?: number;
}

/** Trains as told, to bits that do not depend on where it was cut off. null if `signal` ended it. @throws ArgumentError for what metaTrain refuses. */
export async function trainOnBowls(
  options: BowlTrainingOptions,
  { onProgress = () => {}, signal, from, save = () => {}, parts = PARTS }: TrainOnBowlsOptions = {},
): Promise<TrainedOnBowls | null> {
  const training = bowlTraining(options);
  const perPart = Math.ceil(options.updates / PARTS);
  const curve = [...(from?.curve ?? [])];
  let losses = [...(from?.losses ?? [])];
  let weights = from?.state.weights ?? training.weights;
  let saved = performance.now();
  for (const { update, loss, state } of metaTrain(training, from?.state, { consume: true })) {
    weights = state.weights;
    losses.push(loss);
    onProgress(update + 1, loss);
    if (losses.length === perPart || update + 1 === options.updates) {
      curve.push(losses.reduce((a, b) => a + b, 0) / losses.length);
      losses = [];
      if (curve.length === parts) break;
    }
    if (update % BREATH === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    if (signal?.aborted || performance.now() - saved >= 1000 * PATIENCE) {
      save({ options, curve, losses, state });
      saved = performance.now();
    }
    if (signal?.aborted) return null;
  }
  return { options, curve, weights: map((t) => cast(t, "float32"), weights) };
}
