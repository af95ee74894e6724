import { atan, avgPool2d, type Images, reshape, type Tensor } from "@lodo/tensor";
import { fixed, residual, sequence, type Weights } from "./compose.ts";
import { convolution, depthwiseConvolution } from "./convolutions.ts";
import { dense } from "./dense.ts";
import type { Layer } from "./layer.ts";

export interface ImageNetworkOptions {
  /** Channels of the images that come in. */
  readonly inputs?: number;
  /** Channels between blocks; within a block there are twice and six times as many. */
  readonly channels?: number;
  /** Stages; after each, the image is half as high and wide. As many as leave one pixel. */
  readonly stages?: number;
  /** Residual blocks in a stage. */
  readonly blocks?: number;
  /** Classes to tell apart: levels of grey. */
  readonly classes?: number;
}

/** A name for each of n layers. */
const numbered = (name: string, n: number, layer: () => Layer): Record<string, Layer> =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`${name}${i + 1}`, layer()]));

/** x + a 1×1 convolution to c channels of atan of a 3×3 convolution within each channel of atan of a 1×1 convolution. */
const block = (c: number): Layer =>
  residual(
    sequence({
      widen: convolution({ side: 1, from: c, to: 2 * c }),
      bendWide: fixed(atan),
      spread: depthwiseConvolution({ side: 3, channels: 2 * c, multiplier: 3 }),
      bendSpread: fixed(atan),
      narrow: convolution({ side: 1, from: 6 * c, to: c }),
    }),
  );

/** The mean of every 2×2 pixels; at an odd edge of as many as there are, so that the zeros padded in Appendix F.2 do not count. */
const halve = (x: Tensor): Tensor => avgPool2d(x as Images, { window: 2, stride: 2, padding: "same" });

const flatten = (x: Tensor): Tensor => reshape(x, [x.shape[0] as number, x.size / (x.shape[0] as number)]);

/**
 * The network of Section 5.3 and Appendix F.2: images of 28×28 pixels in five channels to logits of 256 levels of grey, [n, 28, 28, 5] → [n, 256], by
 * 94 696 weights. The paper's text has a first convolution of 3×3 with a residual connection around it; its number of weights, and its code, have
 * 1×1, and 5 channels cannot be added to 20.
 */
export function imageNetwork({
  inputs = 5,
  channels: c = 20,
  stages = 5,
  blocks = 4,
  classes = 256,
}: ImageNetworkOptions = {}): Layer<Weights> {
  return sequence({
    stem: convolution({ side: 1, from: inputs, to: c }),
    ...numbered("stage", stages, () => sequence({ ...numbered("block", blocks, () => block(c)), halve: fixed(halve) })),
    flatten: fixed(flatten),
    head: dense({ from: c, to: classes }),
  });
}
