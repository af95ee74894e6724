import * as tf from "@tensorflow/tfjs-core";
import type { Contender } from "../../workload.ts";
import { tfjs } from "../tfjs.ts";
import { depthwiseFilterGradient, depthwiseInputGradient, sumOfRows, transposedTimes } from "../tfOps.ts";
import type { Problem } from "./problem.ts";

/** A layer's output, and what carries a cotangent of it back. */
interface Step {
  readonly out: tf.Tensor;
  back(ct: tf.Tensor, gradients: Map<string, tf.Tensor>): tf.Tensor;
}

type Weights = ReadonlyMap<string, tf.Tensor>;

const rows = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, x.shape.at(-1) as number]);

/** x W + b in the last axis: a 1×1 convolution. */
function dense(weights: Weights, path: string, name: string, x: tf.Tensor): Step {
  const W = weights.get(`${path}.${name}`) as tf.Tensor;
  const [matrix, input] = [rows(W), rows(x)];
  return {
    out: tf.reshape(tf.add(tf.matMul(input, matrix), weights.get(`${path}.bias`) as tf.Tensor), [...x.shape.slice(0, -1), matrix.shape[1]]),
    back(ct, gradients) {
      const cotangents = rows(ct);
      gradients.set(`${path}.bias`, sumOfRows(cotangents));
      gradients.set(`${path}.${name}`, transposedTimes(input, cotangents));
      return tf.reshape(tf.matMul(cotangents, tf.transpose(matrix)), x.shape);
    },
  };
}

function spread(weights: Weights, path: string, x: tf.Tensor): Step {
  const filter = weights.get(`${path}.filter`) as tf.Tensor4D;
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return {
    out: tf.add(tf.depthwiseConv2d(x as tf.Tensor4D, filter, 1, "same"), weights.get(`${path}.bias`) as tf.Tensor),
    back(ct, gradients) {
      gradients.set(`${path}.bias`, sumOfRows(rows(ct)));
      gradients.set(`${path}.filter`, depthwiseFilterGradient(x as tf.Tensor4D, ct as tf.Tensor4D, filter.shape));
      return depthwiseInputGradient(ct as tf.Tensor4D, filter, [n, h, w, c]);
    },
  };
}

const bend = (x: tf.Tensor): Step => ({ out: tf.atan(x), back: (ct) => tf.div(ct, tf.add(tf.square(x), 1)) });

function halve(x: tf.Tensor): Step {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const out = tf.avgPool(x as tf.Tensor4D, 2, 2, "same");
  const [, oh, ow] = out.shape;
  return {
    out,
    back(ct) {
      // Each cotangent in equal shares on its window; at an odd edge the window has half of its pixels.
      const shares = Float32Array.from({ length: oh * ow }, (_, i) => {
        const [y, x] = [Math.floor(i / ow), i % ow];
        return 1 / (Math.min(2, h - 2 * y) * Math.min(2, w - 2 * x));
      });
      const share = tf.mul(ct, tf.tensor4d(shares, [1, oh, ow, 1]));
      const wide = tf.reshape(tf.stack([share, share], 3), [n, oh, 1, 2 * ow * c]);
      const full = tf.reshape(tf.concat([wide, wide], 2), [n, 2 * oh, 2 * ow, c]);
      return tf.slice(full, [0, 0, 0, 0], [n, h, w, c]);
    },
  };
}

/** One step after the other, each made of the output of the one before. */
function inTurn(x: tf.Tensor, makers: readonly ((x: tf.Tensor) => Step)[]): Step {
  const steps: Step[] = [];
  for (const make of makers) steps.push(make(steps.at(-1)?.out ?? x));
  return { out: (steps.at(-1) as Step).out, back: (ct, gradients) => steps.reduceRight((ct, step) => step.back(ct, gradients), ct) };
}

function block(weights: Weights, path: string, x: tf.Tensor): Step {
  const f = inTurn(x, [
    (x) => dense(weights, `${path}.widen`, "filter", x),
    bend,
    (x) => spread(weights, `${path}.spread`, x),
    bend,
    (x) => dense(weights, `${path}.narrow`, "filter", x),
  ]);
  return { out: tf.add(x, f.out), back: (ct, gradients) => tf.add(ct, f.back(ct, gradients)) };
}

/** The network in TensorFlow.js on WebAssembly, with gradients by hand: it cannot train these layers by itself. */
export function inTensorFlow(problem: Problem): Promise<Contender> {
  const { stages, blocks, weights, images, shape, labels, classes } = problem;
  const numbered = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);
  const oneHot = oneHotRows(labels, classes);
  const compute = (x: tf.Tensor, targets: tf.Tensor, ...tensors: tf.Tensor[]): readonly tf.Tensor[] => {
    const named: Weights = new Map(weights.map(({ path }, i) => [path, tensors[i] as tf.Tensor]));
    const body = inTurn(x, [
      (x) => dense(named, "stem", "filter", x),
      ...numbered(stages).flatMap((s) => [...numbered(blocks).map((b) => (x: tf.Tensor) => block(named, `stage${s}.block${b}`, x)), halve]),
      (x) => ({ out: rows(x), back: (ct) => tf.reshape(ct, x.shape) }),
      (x) => dense(named, "head", "weights", x),
    ]);
    const logProbabilities = tf.logSoftmax(body.out);
    const n = labels.length;
    const loss = tf.reshape(tf.neg(tf.div(tf.sum(tf.mul(logProbabilities, targets)), n)), [1]);
    const gradients = new Map<string, tf.Tensor>();
    body.back(tf.div(tf.sub(tf.exp(logProbabilities), targets), n), gradients);
    return [loss, ...weights.map(({ path }) => gradients.get(path) as tf.Tensor)];
  };
  const inputs = [{ data: images, shape }, { data: oneHot, shape: [labels.length, classes] }, ...weights];
  return tfjs("wasm", { inputs, compute: compute as (...inputs: tf.Tensor[]) => readonly tf.Tensor[] }, "gradients by ops");
}

export function oneHotRows(labels: Int32Array, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    rows[i * classes + label] = 1;
  });
  return rows;
}
