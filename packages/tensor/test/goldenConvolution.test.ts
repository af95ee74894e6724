import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  add,
  array,
  avgPool2d,
  batchNorm,
  conv2d,
  depthwiseConv2d,
  epsilon,
  type Filter,
  grad,
  type Images,
  type Matrix,
  maxPool2d,
  mul,
  type Padding,
  type Scalar,
  scale,
  softmaxCrossEntropy,
  sum,
  type Tensor,
  tensor,
  type Vector,
  vjp,
} from "../src/index.ts";

interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly name: string;
  readonly options: Options;
  readonly ins: readonly Plain[];
  readonly out: Plain;
  readonly ct: Plain;
  /** ∂⟨ct, out⟩ */
  readonly grads: readonly Plain[];
  /** ∂ of half the sum of the squares of those. */
  readonly second: readonly Plain[];
}

interface Options {
  readonly stride: readonly [number, number];
  readonly padding: Padding;
  readonly window: readonly [number, number];
  readonly groups: number;
  readonly eps: number;
  readonly labels: readonly number[];
}

type Op = (ins: readonly Tensor[], options: Options) => Tensor;

const ops: Readonly<Record<string, Op>> = {
  conv2d: ([x, filter], options) => conv2d(x as Images, filter as Filter, options),
  depthwiseConv2d: ([x, filter], options) => depthwiseConv2d(x as Images, filter as Filter, options),
  avgPool2d: ([x], options) => avgPool2d(x as Images, options),
  maxPool2d: ([x], options) => maxPool2d(x as Images, options),
  batchNorm: ([x, gamma, beta], { eps }) => batchNorm(x as Tensor, { gamma: gamma as Vector, beta: beta as Vector, eps }),
  softmaxCrossEntropy: ([logits], { labels }) => softmaxCrossEntropy(logits as Matrix, Int32Array.from(labels)),
};

/**
 * In multiples of ε times the largest number of the case. Convolutions and maxima of these numbers are exact; a mean is one quotient, which
 * the gradient of a gradient has three times. The others take up to 12 additions, a root or a logarithm and some ten products at each of
 * three stages, in an order of their own on either side.
 */
const roundings: Readonly<Record<string, number>> = { avgPool2d: 6, batchNorm: 120, softmaxCrossEntropy: 120 };

/** What PyTorch computed: see convolution.py beside the file. */
const golden = JSON.parse(readFileSync(new URL("../../../test/golden/convolution.json", import.meta.url), "utf8")) as Readonly<
  Record<string, readonly Case[]>
>;

const built = ({ data, shape }: Plain): Tensor => tensor(data, shape);

describe.each(Object.keys(ops))("%s gives what PyTorch gives", (name) => {
  const op = ops[name] as Op;
  it.each(golden[name] as readonly Case[])("$name", ({ options, ins, out, ct, grads, second }) => {
    const expectNear = (what: string, got: Tensor, expected: Plain): void => {
      const bound = (roundings[name] ?? 0) * epsilon.float64 * Math.max(...[out, ...grads, ...second].flatMap((p) => p.data.map(Math.abs)));
      expect(got.shape, what).toEqual(expected.shape);
      const worst = Math.max(0, ...Array.from(array(got), (v, i) => Math.abs(v - (expected.data[i] as number))));
      expect(worst, what).toBeLessThanOrEqual(bound);
    };
    const xs = ins.map(built);
    expectNear("value", op(xs, options), out);
    const gradients = (zs: readonly Tensor[]): readonly Tensor[] => vjp((ys: readonly Tensor[]) => op(ys, options), zs)[1](built(ct));
    gradients(xs).forEach((g, i) => {
      expectNear(`gradient ${i}`, g, grads[i] as Plain);
    });
    const energy = (zs: readonly Tensor[]): Scalar =>
      gradients(zs)
        .map((g) => scale(0.5, sum(mul(g, g))))
        .reduce((a, b) => add(a, b));
    grad(energy)(xs).forEach((g, i) => {
      expectNear(`gradient ${i} of the squared gradient`, g as Tensor, second[i] as Plain);
    });
  });
});
