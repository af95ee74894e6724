import { maximum, mean, type Tensor } from "@lodo/tensor";
import { batchNormalization, ofBatch, type Statistics } from "./batchNormalization.ts";
import { fixed, projected, residual, sequence, type Weights } from "./compose.ts";
import { dense } from "./dense.ts";
import type { Layer } from "./layer.ts";
import { linearConvolution } from "./linearConvolution.ts";

export interface ResNetOptions {
  /** Channels of the images that come in. */
  readonly inputs?: number;
  /** Channels of the first stage; each further one has twice as many. */
  readonly width?: number;
  /** Stages; from the second on, each halves the image's height and width. */
  readonly stages?: number;
  /** Residual blocks in a stage. */
  readonly blocks?: number;
  /** Classes to tell apart. */
  readonly classes?: number;
  /** Between layers: ReLU unless given. */
  readonly bend?: (x: Tensor) => Tensor;
  readonly statistics?: Statistics;
}

/** max(x, 0), with derivative ½ at 0. */
export const relu = (x: Tensor): Tensor => maximum(x, 0);

/** The mean over an image's pixels, [n, h, w, c] → [n, c]. */
const overPixels = (x: Tensor): Tensor => mean(x, { axes: [1, 2] });

/**
 * ResNet-18 for images of 32×32 pixels (He et al. 2016, with its stem of one 3×3 convolution and no pooling, as for CIFAR-10): logits [n, classes] of
 * images [n, h, w, inputs], by 11 173 962 weights unless it is made narrower. A block is bend(s(x) + f(x)) with f two 3×3 convolutions, each normalised,
 * and a bend between them; s is x, or a normalised 1×1 convolution where the block changes the shape. Only the last layer has a bias.
 */
export function resNet({
  inputs = 3,
  width = 64,
  stages = 4,
  blocks = 2,
  classes = 10,
  bend = relu,
  statistics = ofBatch,
}: ResNetOptions = {}): Layer<Weights> {
  const normalized = (path: string, name: string, shape: Parameters<typeof linearConvolution>[0]): Record<string, Layer> => ({
    [`convolve${name}`]: linearConvolution(shape),
    [`normalize${name}`]: batchNormalization({ path: `${path}.normalize${name}`, channels: shape.to, statistics }),
  });

  const block = (path: string, from: number, to: number, stride: number): Layer => {
    const body = (at: string): Layer<Weights> =>
      sequence({
        ...normalized(at, "1", { side: 3, from, to, stride }),
        bend: fixed(bend),
        ...normalized(at, "2", { side: 3, from: to, to }),
      });
    const shortcut = (at: string): Layer<Weights> => sequence(normalized(at, "", { side: 1, from, to, stride }));
    const joined =
      from === to && stride === 1
        ? residual(body(`${path}.join`))
        : projected({ body: body(`${path}.join.body`), shortcut: shortcut(`${path}.join.shortcut`) });
    return sequence({ join: joined, bend: fixed(bend) });
  };

  const stage = (i: number): Layer => {
    const to = width * 2 ** i;
    const first = block(`stage${i + 1}.block1`, i === 0 ? width : to / 2, to, i === 0 ? 1 : 2);
    const others = Array.from(
      { length: blocks - 1 },
      (_, b) => [`block${b + 2}`, block(`stage${i + 1}.block${b + 2}`, to, to, 1)] as const,
    );
    return sequence({ block1: first, ...Object.fromEntries(others) });
  };

  return sequence({
    stem: sequence({ ...normalized("stem", "", { side: 3, from: inputs, to: width }), bend: fixed(bend) }),
    ...Object.fromEntries(Array.from({ length: stages }, (_, i) => [`stage${i + 1}`, stage(i)])),
    average: fixed(overPixels),
    head: dense({ from: width * 2 ** (stages - 1), to: classes }),
  });
}
