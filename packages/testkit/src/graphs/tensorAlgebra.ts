import {
  add,
  atan,
  concat,
  cos,
  div,
  exp,
  flip,
  gather,
  log,
  logsumexp,
  type Matrix,
  matmul,
  mul,
  neg,
  pad,
  pow,
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
};

const binaries: Readonly<Record<string, (x: Tensor, y: Tensor, k: number) => Tensor>> = {
  add,
  sub,
  mul: (x, y) => mul(sin(x), y),
  "div (1 + y²)": (x, y) => div(x, onePlusSquare(y)),
  "pow (1 + x²)": (x, y) => pow(onePlusSquare(sin(x)), tanh(y)),
  matmul: (x, y) => matmul(sin(x), y),
  concat: (x, y, k) => concat([x, y], { axis: k % 2 }),
};

type Of<A extends unknown[]> = (...args: A) => Tensor;

/** The operations of the tensor package: what is judged. */
export const tensorAlgebra: Algebra<Tensor> = {
  shape: (x) => (x as Matrix).shape,
  unary: (name, x, k) => (unaries[name] as Of<[Tensor, number]>)(x, k),
  binary: (name, x, y, k) => (binaries[name] as Of<[Tensor, Tensor, number]>)(x, y, k),
};
