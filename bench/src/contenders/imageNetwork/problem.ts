import { imageNetwork, type Layer } from "@lodo/experiments";
import { array, createRng, type Layout, type Params, ravel, type Shape } from "@lodo/tensor";
import { uniformNumbers } from "../../data.ts";

/** One slice of the network's weights. */
export interface Weight {
  readonly path: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** The image network, where it stands, and a batch: what every contender is given. */
export interface Problem {
  readonly network: Layer;
  readonly x: Float32Array;
  readonly layout: Layout;
  readonly unravel: ReturnType<typeof ravel>["unravel"];
  readonly weights: readonly Weight[];
  /** Stages, residual blocks in each, grey levels. */
  readonly stages: number;
  readonly blocks: number;
  readonly classes: number;
  /** [n, side, side, 5] */
  readonly images: Float32Array;
  readonly shape: readonly [n: number, side: number, side: number, channels: number];
  readonly labels: Int32Array;
}

export interface Dimensions {
  readonly batch: number;
  readonly side: number;
  readonly stages: number;
  readonly blocks: number;
  readonly classes: number;
}

/** Of which everything takes a moment. */
export const SMALL: Dimensions = { batch: 5, side: 7, stages: 3, blocks: 1, classes: 6 };

/** Of Section 5.3. */
export const PAPER: Omit<Dimensions, "batch"> = { side: 28, stages: 5, blocks: 4, classes: 256 };

export function imageProblem({ batch, side, stages, blocks, classes }: Dimensions): Problem {
  const network = imageNetwork({ stages, blocks, classes }) as Layer<Params>;
  const { x, layout, unravel } = ravel(network.init(createRng(1), { dtype: "float32" }));
  const flat = array(x) as Float32Array;
  const weights = layout.slices.map(({ path, start, shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return { path, shape, data: flat.subarray(start, start + size) };
  });
  const rng = createRng(2);
  return {
    network,
    x: flat,
    layout,
    unravel,
    weights,
    stages,
    blocks,
    classes,
    images: uniformNumbers(batch * side * side * 5, 3),
    shape: [batch, side, side, 5],
    labels: Int32Array.from({ length: batch }, () => rng.integer(classes)),
  };
}
