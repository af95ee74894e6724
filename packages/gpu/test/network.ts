import {
  add,
  atan,
  avgPool2d,
  conv2d,
  createRng,
  type DType,
  depthwiseConv2d,
  type Filter,
  type Images,
  matmul,
  maximum,
  mul,
  reshape,
  type Scalar,
  type Shape,
  sub,
  sum,
  type Tensor,
  tensor,
} from "@lodo/tensor";

/** How the network bends. */
export type Activation = (x: Tensor) => Tensor;

export const arctan: Activation = (x) => atan(x);
/** Keeps whole numbers whole. */
export const rectified: Activation = (x) => maximum(x, 0);

const shapes = { first: [3, 3, 2, 4], bias: [4], depthwise: [3, 3, 4, 2], pointwise: [8, 6], last: [96, 5] } as const;

/** Parameters of a network of every kind of layer that the backend has kernels for. */
export type Parameters = { readonly [Name in keyof typeof shapes]: Tensor };

export interface Batch {
  readonly images: Images;
  readonly targets: Tensor;
}

const BATCH = 4;

/** Numbers from `draw` for everything. */
export function drawn(draw: () => number, dtype: DType): { readonly parameters: Parameters; readonly batch: Batch } {
  const filled = <const S extends Shape>(shape: S): Tensor =>
    tensor(Array.from({ length: shape.reduce((a, n) => a * n, 1) }, draw), shape, { dtype });
  const parameters = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, filled(shape)])) as unknown as Parameters;
  return { parameters, batch: { images: filled([BATCH, 8, 8, 2]) as Images, targets: filled([BATCH, 5]) } };
}

export const continuous = (seed: number): (() => number) => {
  const rng = createRng(seed);
  return () => rng.uniform() - 0.5;
};

export const whole = (seed: number): (() => number) => {
  const rng = createRng(seed);
  return () => rng.integer(3) - 1;
};

/** Sum of squared errors of a small convolutional network. */
export const lossOf =
  ({ images, targets }: Batch, bend: Activation) =>
  ({ first, bias, depthwise, pointwise, last }: Parameters): Scalar => {
    const a = bend(add(conv2d(images, first as Filter, { padding: "same" }), bias));
    const b = bend(depthwiseConv2d(a as Images, depthwise as Filter, { padding: "same" }));
    const c = avgPool2d(b as Images, { window: 2 });
    const d = bend(matmul(reshape(c, [BATCH * 16, 8]) as never, pointwise as never));
    const e = sub(matmul(reshape(d, [BATCH, 96]) as never, last as never), targets);
    return sum(mul(e, e));
  };
