export { type BackendChoice, type BackendId, type BackendName, backendIds, onReference } from "./backends/choice.ts";
export { BackendUnavailableError } from "./backends/errors.ts";
export { onBackend } from "./backends/onBackend.ts";
export { type OpenedBackend, type OpenOptions, openBackend, type PassedOver } from "./backends/openBackend.ts";
export { type Dataset, datasetNamed, datasets, type Published, type PublishedFile } from "./data/datasets.ts";
export { type LoadOptions, loadImages } from "./data/disk/loadImages.ts";
export type { Surroundings } from "./data/disk/places.ts";
export { draw } from "./data/draw.ts";
export { DataError } from "./data/errors.ts";
export type { ImageDataset, LabelledPixels, Split } from "./data/labelledPixels.ts";
export { parseMnist, type SourcedBytes } from "./data/mnist.ts";
export {
  defineExperiment,
  type Experiment,
  type Figure,
  type Job,
  type JobContext,
  type Preset,
  type PresetName,
  type RegisteredExperiment,
  type Run,
  type Setting,
  type Verdict,
} from "./experiments/experiment.ts";
export { experiments, headline } from "./experiments/index.ts";
export { type Reproduction, reproduce } from "./experiments/reproduce.ts";
export { type Estimate, type Row, summarize, tabulate } from "./experiments/row.ts";
export { type Target, targets } from "./experiments/targets.ts";
export { runTrial, type Stopped, type Trial, type TrialRecord, type TrialResult } from "./experiments/trial.ts";
export type { Failure, ReproduceOptions } from "./experiments/work.ts";
export { ofBatch, type Statistics } from "./networks/batchNormalization.ts";
export { type ImageNetworkOptions, imageNetwork } from "./networks/imageNetwork.ts";
export type { Layer } from "./networks/layer.ts";
export { type LabelledImages, meanCrossEntropy } from "./networks/meanCrossEntropy.ts";
export { type ResNetOptions, resNet } from "./networks/resNet.ts";
export { type LearningCurvesOptions, learningCurves } from "./plots/learningCurves.ts";
export { renderSvg } from "./plots/svg.ts";
export { type Advance, advance, begin, type Snapshot, type Streams, streams } from "./simulation.ts";
export {
  type ImageClassification,
  type ImageClassificationOptions,
  imageClassification,
  type LabelledTrainAndTest,
} from "./tasks/imageClassification/imageClassification.ts";
export { CHANNELS, type GreyImages, type Query, queryChannels } from "./tasks/imageGeneration/channels.ts";
export {
  type ImageGeneration,
  type ImageGenerationOptions,
  imageGeneration,
  type TrainAndTest,
} from "./tasks/imageGeneration/imageGeneration.ts";
export { blank, type SampleOptions, sampleImages } from "./tasks/imageGeneration/sample.ts";
export { tasks } from "./tasks/index.ts";
export { type BowlState, type NoisyQuadraticBowl, noisyQuadraticBowl } from "./tasks/noisyQuadraticBowl.ts";
export { rosenbrock, rosenbrockFunction } from "./tasks/rosenbrock.ts";
export type { DataIdentity, MeasuredTask, Metric, RegisteredTask, Sampling } from "./tasks/task.ts";
export { type SourcedValues, sourcedValues, table6, tunedValues, type Values, type ValuesSource } from "./tunedValues.ts";
export type { Windows } from "./windows.ts";
