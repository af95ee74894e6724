import { type Conv2dGeometry, filledStorage, kernels, type PoolGeometry, type Strided, Tensor, view } from "@lodo/tensor";
import type { Contender } from "../../workload.ts";
import { type BackendName, ours } from "../ours.ts";
import type { Problem } from "./problem.ts";

/** A kernel by its name, without what stands above it. */
const kernel =
  (name: string) =>
  (...args: readonly unknown[]): Strided =>
    (kernels.get(name) as unknown as (...args: readonly unknown[]) => Strided)(...args);

const add = kernel("add");
const atan = kernel("atan");
const atanGradient = kernel("atanGradient");
const matmul = kernel("matmul");
const mul = kernel("mul");
const sum = kernel("sum");
const concat = kernel("concat");
const conv2d = kernel("conv2d");
const conv2dInputGradient = kernel("conv2dInputGradient");
const conv2dFilterGradient = kernel("conv2dFilterGradient");
const depthwise = kernel("depthwiseConv2d");
const depthwiseInputGradient = kernel("depthwiseConv2dInputGradient");
const depthwiseFilterGradient = kernel("depthwiseConv2dFilterGradient");
const pool = kernel("avgPool2d");
const poolGradient = kernel("avgPool2dGradient");

/** A layer's output, and what carries a cotangent of it back to the input, leaving those of the weights in `gradients`. */
interface Step {
  readonly out: Strided;
  back(ct: Strided, gradients: Map<string, Strided>, needed: boolean): Strided;
}

export type Weights = ReadonlyMap<string, Strided>;

const POINT: Conv2dGeometry = { stride: [1, 1], padding: [0, 0, 0, 0], groups: 1 };

const reshaped = (x: Strided, shape: readonly number[]): Strided =>
  view(
    x,
    shape,
    shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1)),
    x.offset,
  );

/** x + b along the last axis. */
const addBias = (x: Strided, bias: Strided): Strided =>
  add(
    x,
    view(
      bias,
      x.shape,
      x.shape.map((_, d) => (d === x.shape.length - 1 ? 1 : 0)),
      bias.offset,
    ),
  );

/** Summed over all axes but the last. */
const biasGradient = (ct: Strided): Strided => {
  const axes = ct.shape.map((_, d) => d).slice(0, -1);
  return reshaped(sum(ct, axes), [ct.shape.at(-1) as number]);
};

function convolve(weights: Weights, path: string, x: Strided): Step {
  const filter = weights.get(`${path}.filter`) as Strided;
  return {
    out: addBias(conv2d(x, filter, POINT), weights.get(`${path}.bias`) as Strided),
    back(ct, gradients, needed) {
      gradients.set(`${path}.bias`, biasGradient(ct));
      gradients.set(`${path}.filter`, conv2dFilterGradient(x, ct, POINT, filter.shape));
      return needed ? conv2dInputGradient(ct, filter, POINT, x.shape) : ct;
    },
  };
}

function spread(weights: Weights, path: string, x: Strided): Step {
  const filter = weights.get(`${path}.filter`) as Strided;
  const geometry: Conv2dGeometry = { stride: [1, 1], padding: [1, 1, 1, 1], groups: x.shape[3] as number };
  return {
    out: addBias(depthwise(x, filter, geometry), weights.get(`${path}.bias`) as Strided),
    back(ct, gradients) {
      gradients.set(`${path}.bias`, biasGradient(ct));
      gradients.set(`${path}.filter`, depthwiseFilterGradient(x, ct, geometry, filter.shape));
      return depthwiseInputGradient(ct, filter, geometry, x.shape);
    },
  };
}

const bend = (x: Strided): Step => ({ out: atan(x), back: (ct) => atanGradient(ct, x) });

function halve(x: Strided): Step {
  const odd = (n: number): number => n % 2;
  const [, h, w] = x.shape as [number, number, number];
  const geometry: PoolGeometry = { window: [2, 2], stride: [2, 2], padding: [0, odd(h), 0, odd(w)] };
  return { out: pool(x, geometry), back: (ct) => poolGradient(ct, geometry, x.shape) };
}

/** One step after the other, each made of the output of the one before. */
function inTurn(x: Strided, makers: readonly ((x: Strided) => Step)[]): Step {
  const steps: Step[] = [];
  for (const make of makers) steps.push(make(steps.at(-1)?.out ?? x));
  return {
    out: (steps.at(-1) as Step).out,
    back: (ct, gradients) => steps.reduceRight((ct, step) => step.back(ct, gradients, true), ct),
  };
}

function block(weights: Weights, path: string, x: Strided): Step {
  const f = inTurn(x, [
    (x) => convolve(weights, `${path}.widen`, x),
    bend,
    (x) => spread(weights, `${path}.spread`, x),
    bend,
    (x) => convolve(weights, `${path}.narrow`, x),
  ]);
  return { out: add(x, f.out), back: (ct, gradients, needed) => add(ct, f.back(ct, gradients, needed)) };
}

/** The sum of losses over `count` and its gradient, flat, by calls of kernels and nothing else. */
function lossAndGradient(
  { stages, blocks, layout }: Problem,
  weights: Weights,
  images: Strided,
  labels: Int32Array,
  count: number,
): readonly [loss: Strided, gradient: Strided] {
  const stem = convolve(weights, "stem", images);
  const numbered = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);
  const body = inTurn(
    stem.out,
    numbered(stages).flatMap((s) => [...numbered(blocks).map((b) => (x: Strided) => block(weights, `stage${s}.block${b}`, x)), halve]),
  );
  const [n, c] = [labels.length, body.out.size / labels.length];
  const features = reshaped(body.out, [1, n, c]);
  const W = weights.get("head.weights") as Strided;
  const [, classes] = W.shape as [number, number];
  const logits = addBias(matmul(features, reshaped(W, [1, c, classes])), weights.get("head.bias") as Strided);
  const { out: losses, saved } = kernel("softmaxCrossEntropy")(reshaped(logits, [n, classes]), labels) as unknown as {
    readonly out: Strided;
    readonly saved: Strided;
  };
  const gradients = new Map<string, Strided>();
  const ctLogits = kernel("softmaxCrossEntropyGradient")(filledStorage([n], images.dtype, 1 / count), saved, labels);
  gradients.set("head.bias", biasGradient(ctLogits));
  const transposed = (x: Strided, rows: number, cols: number): Strided => view(x, [1, cols, rows], [0, 1, cols], x.offset);
  const ct = reshaped(ctLogits, [1, n, classes]);
  gradients.set("head.weights", matmul(transposed(features, n, c), ct));
  const ctBody = body.back(reshaped(matmul(ct, transposed(W, c, classes)), body.out.shape), gradients, true);
  stem.back(ctBody, gradients, false);
  const parts = layout.slices.map(({ path }) => {
    const g = gradients.get(path) as Strided;
    return reshaped(g, [g.size]);
  });
  return [mul(sum(losses, [0]), filledStorage([1], images.dtype, 1 / count)), concat(parts, 0)];
}

/** The same loss and gradient by bare calls of kernels: what automatic differentiation costs is the difference. */
export async function byBareKernels(
  backend: BackendName,
  problem: Problem,
  { piece }: { readonly piece?: number } = {},
): Promise<Contender> {
  const us = await ours(backend);
  const { layout, labels, shape } = problem;
  const [n, ...pixels] = shape;
  const x = us.place(problem.x, [layout.size], "float32");
  const images = us.place(problem.images, shape, "float32");
  const part = (from: number, to: number): readonly [Strided, Strided] => {
    const weights = new Map(layout.slices.map((s) => [s.path, sliceOf(x.storage, s)]));
    const some = sliceOf(images.storage, { start: from * (images.size / n), shape: [to - from, ...pixels] });
    return lossAndGradient(problem, weights, some, labels.subarray(from, to), n);
  };
  const whole = (): readonly Tensor[] => part(0, n).map((s) => new Tensor(s));
  const inPieces = (step: number): readonly Tensor[] => {
    let total: readonly Tensor[] = [];
    for (let from = 0; from < n; from += step) {
      const next = (): readonly Tensor[] =>
        part(from, Math.min(n, from + step)).map((s, i) => new Tensor(total[i] ? add(total[i].storage, s) : s));
      total = us.arena.run(next, (result) => result, total);
    }
    return total;
  };
  const gradient = (): readonly Tensor[] => (piece === undefined ? whole() : inPieces(piece));
  return {
    name: `${us.name}, bare kernels${piece === undefined ? "" : `, ${piece} at a time`}`,
    run: () => us.step(gradient),
    result: () => us.numbers(gradient),
    close: us.close,
  };
}

const sliceOf = (x: Strided, { start, shape }: { readonly start: number; readonly shape: readonly number[] }): Strided =>
  view(
    x,
    shape,
    shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1)),
    x.offset + start,
  );
