import { complete, count } from "@lodo/preconditioner";
import { atan } from "@lodo/tensor";
import type { Statistics } from "../../networks/batchNormalization.ts";
import type { Weights } from "../../networks/compose.ts";
import type { Layer } from "../../networks/layer.ts";
import { resNet } from "../../networks/resNet.ts";
import type { MemoryProbe, RegisteredTask } from "../task.ts";
import { imageClassification } from "./imageClassification.ts";
import { cifar10Images, madeUpColours } from "./images.ts";

const id = "image-classification";

const options = {
  batch: count(2048, 1, "images drawn for a step, all computed at once: memory grows with it"),
  width: count(64, 1, "channels of the network's first stage, half of the second's; 64 is ResNet-18"),
};

const small = { batch: count(3, 1, "images drawn for a step") };

const ofWidth =
  (width: number) =>
  (statistics: Statistics): Layer<Weights> =>
    resNet({ width, statistics });

/** Weights of the network of a width. */
const weightsOf = (width: number): number => 2724 * width ** 2 + 257 * width + 10;

/**
 * The memory of a step is a + b·weights for what lies in weights, and batch·(c + d·width) for what lies in images: two narrow networks and two small
 * batches say what it is.
 */
function memoryProbes(values: Readonly<Record<string, unknown>>): readonly MemoryProbe[] {
  const { batch, width } = complete(id, options, values);
  const inWeights = (weightsOf(width) - weightsOf(1)) / (weightsOf(2) - weightsOf(1));
  const probes = ([w, ofWeights, ofImages]: readonly [number, number, number]): readonly MemoryProbe[] => [
    { values: { batch: 1, width: w }, weight: 2 * ofWeights - batch * ofImages, own: true },
    { values: { batch: 2, width: w }, weight: batch * ofImages - ofWeights, own: true },
  ];
  return [...probes([1, 1 - inWeights, 2 - width]), ...probes([2, inWeights, width - 1])];
}

export const imageClassificationTask: RegisteredTask = {
  id,
  summary: "which of CIFAR-10's ten classes is an image of? ResNet-18 says, or a narrower one, in float32",
  reference: "Section 5.4",
  options,
  dtype: "float32",
  create(_, values) {
    const { batch, width } = complete(id, options, values);
    const { data, ...images } = cifar10Images();
    return { ...imageClassification(images, { batch, network: ofWidth(width) }), data };
  },
  rehearse(_, values) {
    const { batch, width } = complete(id, options, values);
    return imageClassification(madeUpColours(10, 32, 10), { batch, network: ofWidth(width) });
  },
  memoryProbes,
  miniature: {
    id,
    options: small,
    create(_, values) {
      const { batch } = complete(id, small, values);
      // Without kinks: differences are no measure of a slope across one.
      const network = (statistics: Statistics): Layer<Weights> =>
        resNet({ width: 1, stages: 2, blocks: 1, classes: 3, bend: atan, statistics });
      return imageClassification(madeUpColours(4, 4, 3), { batch, classes: 3, network, estimatedFrom: 4, dtype: "float64" });
    },
  },
};
