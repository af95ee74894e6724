import { ArgumentError, add, createRng, type DType, dot, type Images, ofVector, ravel, scale, type Vector } from "@lodo/tensor";
import type { LabelledPixels } from "../../data/labelledPixels.ts";
import { ofBatch, type Statistics } from "../../networks/batchNormalization.ts";
import type { Weights } from "../../networks/compose.ts";
import type { Layer } from "../../networks/layer.ts";
import { meanCrossEntropy } from "../../networks/meanCrossEntropy.ts";
import { populationStatistics } from "../../networks/populationStatistics.ts";
import { resNet } from "../../networks/resNet.ts";
import type { EvaluationProgress, MeasuredTask, Metric, Sampling } from "../task.ts";
import { channelMoments } from "./channelMoments.ts";
import { cropImages, drawCrops } from "./crops.ts";
import { judge } from "./judge.ts";

export interface ImageClassificationOptions {
  /** Images in a batch. */
  readonly batch?: number;
  /** Classes that the network tells apart; labels are below. */
  readonly classes?: number;
  /** λ of the penalty λ‖x‖². */
  readonly penalty?: number;
  /** The network, given where its normalisations take their statistics from. */
  readonly network?: (statistics: Statistics) => Layer<Weights>;
  /** Images, at least, that the statistics of an evaluation are of. */
  readonly estimatedFrom?: number;
  readonly dtype?: DType;
}

/** What there is to learn from, and what the test is on. */
export interface LabelledTrainAndTest {
  readonly train: LabelledPixels;
  readonly test: LabelledPixels;
}

export interface ImageClassification extends MeasuredTask {
  readonly network: (statistics: Statistics) => Layer<Weights>;
  /** x as the network's weights. */
  weights(x: Vector): Weights;
}

/** Test images computed at a time, at most. */
const PIECE = 100;

/**
 * Section 5.4: which class is an image of? ℓ(x) is the mean cross-entropy, in nats, of the network with weights x over a batch, and λ‖x‖² of all weights,
 * counted as Keras does, without a half. Images are drawn independently, uniformly and with replacement, so there are no epochs; each is cut at random out of
 * itself with four black pixels on every side, mirrored every second time, and normalised by the training images' mean and deviation of each channel.
 * The text has "the standard data augmentation" and names no penalty: crops, mirrors and λ are those of the authors' code.
 *
 * In ℓ the network normalises by the statistics of the whole batch, so the batch is computed at once, and memory grows with it: pieces would have
 * statistics of their own, which is another loss. An evaluation re-estimates the statistics on batches drawn and cut as in training, always the same
 * ones: no average of earlier statistics is carried along, and what a run is judged by is a function of x alone.
 * @throws ArgumentError unless there are images of one size to learn from and to test on, each with its label below `classes`.
 */
export function imageClassification(
  { train, test }: LabelledTrainAndTest,
  {
    batch = 2048,
    classes = 10,
    penalty: λ = 1e-4,
    network = (statistics) => resNet({ classes, statistics }),
    estimatedFrom = 2048,
    dtype = "float32",
  }: ImageClassificationOptions = {},
): ImageClassification {
  checkData(train, test, classes);
  const moments = channelMoments(train);
  const trained = network(ofBatch);
  // Only its shapes count here.
  const { layout, unravel } = ravel(trained.init(createRng(0), { dtype }));
  const weights = (x: Vector): Weights => unravel(x);
  return {
    name: "image-classification",
    dim: layout.size,
    layout,
    network,
    weights,
    init: (rng) => ({ x: ravel(trained.init(rng, { dtype })).x, state: null }),
    draw(state, rng) {
      const data = cropImages(train, drawCrops(rng, train, batch), moments, { dtype });
      const fit = ofVector(meanCrossEntropy(trained, data), weights);
      return [{ value: (x) => add(fit(x), scale(λ, dot(x, x))) }, state];
    },
    evaluate: (x, sampling) => evaluate(weights(x), sampling),
  };

  function* evaluate(w: Weights, sampling: Sampling): Generator<EvaluationProgress, readonly Metric[]> {
    const everything = sampling === "everything";
    const [count] = test.shape;
    const draws = createRng(0).split("test");
    const which = Array.from({ length: everything ? count : sampling.draws }, (_, i) => (everything ? i : draws.integer(count)));
    const batches = trainingBatches();
    const total = batches.length * batch + which.length;
    let done = 0;
    const estimates = populationStatistics(network, w, batches);
    let statistics = estimates.next();
    for (; !statistics.done; statistics = estimates.next()) {
      done += batch;
      yield { done, total };
    }
    const judging = judge(network(statistics.value), w, test, { which, moments, piece: Math.min(batch, PIECE) });
    let next = judging.next();
    for (; !next.done; next = judging.next()) yield { done: done + next.value, total };
    const { loss, accuracy } = next.value;
    return Object.entries({ "test loss": loss, "test accuracy": accuracy }).map(([name, { mean, standardError, count: examples }]) => ({
      name,
      mean,
      standardError: everything ? 0 : standardError,
      examples,
    }));
  }

  /** The same at every call, each made when it is asked for. */
  function trainingBatches(): readonly (() => Images)[] {
    return Array.from({ length: Math.ceil(estimatedFrom / batch) }, (_, i) => () => {
      const rng = createRng(0).split("statistics").split(i);
      return cropImages(train, drawCrops(rng, train, batch), moments, { dtype }).images;
    });
  }
}

function checkData(train: LabelledPixels, test: LabelledPixels, classes: number): void {
  const id = "image-classification";
  for (const [name, { shape, images, labels }] of Object.entries({ training: train, test })) {
    const [n, h, w, c] = shape;
    if (n < 1) throw new ArgumentError(id, `expected ${name} images, got none`);
    if (labels.length !== n || images.length !== n * h * w * c)
      throw new ArgumentError(id, `expected pixels and labels of ${name} images [${shape}], got ${images.length} and ${labels.length}`);
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong >= 0) throw new ArgumentError(id, `expected ${name} labels below ${classes}, got ${labels[wrong]} for image ${wrong}`);
  }
  const [size, other] = [train, test].map(({ shape }) => shape.slice(1).join("×"));
  if (size !== other) throw new ArgumentError(id, `expected test images of ${size}, got ${other}`);
}
