import {
  add,
  atan,
  avgPool2d,
  concat,
  conv2d,
  cos,
  div,
  exp,
  flip,
  gather,
  type Images,
  log,
  logsumexp,
  type Matrix,
  matmul,
  mul,
  neg,
  pad,
  pow,
  reshape,
  scatterAdd,
  sigmoid,
  sin,
  slice,
  softmax,
  sqrt,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
} from "@lodo/tensor";
import type { Algebra } from "./expression.ts";

const onePlusSquare = (x: Tensor): Tensor => add(1, mul(x, x));
/** Indices that reverse the rows and repeat one. */
const rowsOf = (m: number, k: number): Int32Array => Int32Array.from({ length: m + 1 }, (_, i) => (i + k) % m);

/** A matrix as one image of one channel, or as one filter from a channel to a channel. */
const image = (x: Tensor): Images => reshape(x, [1, x.shape[0] as number, x.shape[1] as number, 1]);
const filter = (x: Tensor): Images => reshape(x, [x.shape[0] as number, x.shape[1] as number, 1, 1]);
const picture = (x: Images): Tensor => reshape(x, [x.shape[1], x.shape[2]]);

const unaries: Readonly<Record<string, (x: Tensor, k: number) => Tensor>> = {
  neg,
  "exp tanh": (x) => exp(tanh(x)),
  "log (1 + x²)": (x) => log(onePlusSquare(x)),
  "sqrt (1 + x²)": (x) => sqrt(onePlusSquare(x)),
  tanh,
  sigmoid,
  sin,
  cos,
  atan,
  softmax: (x, k) => softmax(x, { axis: k % 2 }),
  logsumexp: (x, k) => logsumexp(x, { axes: k % 2, keepdims: true }),
  transpose: (x) => transpose(x),
  flip: (x, k) => flip(x, { axes: k % 2 }),
  sum: (x) => sum(x, { keepdims: true }),
  gather: (x, k) => gather(x, rowsOf(x.shape[0] as number, k)),
  scatterAdd: (x, k) =>
    scatterAdd(
      x,
      Int32Array.from({ length: x.shape[0] as number }, (_, i) => (i * k) % 2),
      { size: 2 },
    ),
  slice: (x, k) => slice(x, { start: [0, k % (x.shape[1] as number)], step: [1, 2] }),
  pad: (x, k) => pad(x, { before: [k % 2, 0], after: [0, 1], value: 0.5 }),
  avgPool2d: (x, k) => picture(avgPool2d(image(x), { window: [2, 1 + (k % 3)], stride: 1 + (k % 2), padding: "same" })),
};

const binaries: Readonly<Record<string, (x: Tensor, y: Tensor, k: number) => Tensor>> = {
  add,
  sub,
  mul: (x, y) => mul(sin(x), y),
  "div (1 + y²)": (x, y) => div(x, onePlusSquare(y)),
  "pow (1 + x²)": (x, y) => pow(onePlusSquare(sin(x)), tanh(y)),
  matmul: (x, y) => matmul(sin(x), y),
  concat: (x, y, k) => concat([x, y], { axis: k % 2 }),
  conv2d: (x, y, k) => picture(conv2d(image(sin(x)), filter(y), { stride: 1 + (k % 2), padding: "same" })),
};

type Of<A extends unknown[]> = (...args: A) => Tensor;

/** The operations of the tensor package: what is judged. */
export const tensorAlgebra: Algebra<Tensor> = {
  shape: (x) => (x as Matrix).shape,
  unary: (name, x, k) => (unaries[name] as Of<[Tensor, number]>)(x, k),
  binary: (name, x, y, k) => (binaries[name] as Of<[Tensor, Tensor, number]>)(x, y, k),
};
