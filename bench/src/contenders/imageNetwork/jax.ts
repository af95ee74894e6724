import { nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { Contender } from "../../workload.ts";
import { type JaxArray, jaxJs } from "../jax.ts";
import { depthwise } from "../jaxOps.ts";
import type { Problem } from "./problem.ts";
import { oneHotRows } from "./tensorFlow.ts";

type Weights = ReadonlyMap<string, JaxArray>;

/** x W + b in the last axis; every weight is used once. */
function dense(weights: Weights, path: string, name: string, x: JaxArray): JaxArray {
  const W = weights.get(`${path}.${name}`) as JaxArray;
  const [from, to] = W.shape.slice(-2) as [number, number];
  const around = x.shape.slice(0, -1);
  return np
    .matmul(x.reshape([-1, from]), W.reshape([from, to]))
    .add(weights.get(`${path}.bias`) as JaxArray)
    .reshape([...around, to]);
}

function block(weights: Weights, path: string, x: JaxArray): JaxArray {
  const wide = np.atan(dense(weights, `${path}.widen`, "filter", x.ref));
  const filtered = depthwise(wide, weights.get(`${path}.spread.filter`) as JaxArray).add(weights.get(`${path}.spread.bias`) as JaxArray);
  return x.add(dense(weights, `${path}.narrow`, "filter", np.atan(filtered)));
}

/** The mean of every 2×2 pixels, of as many as there are at an odd edge. */
function halve(x: JaxArray): JaxArray {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const [oh, ow] = [Math.ceil(h / 2), Math.ceil(w / 2)];
  const counts = Float32Array.from({ length: oh * ow }, (_, i) => {
    const [y, x] = [Math.floor(i / ow), i % ow];
    return 1 / (Math.min(2, h - 2 * y) * Math.min(2, w - 2 * x));
  });
  const even = np.pad(x, [
    [0, 0],
    [0, 2 * oh - h],
    [0, 2 * ow - w],
    [0, 0],
  ]);
  return even
    .reshape([n, oh, 2, ow, 2, c])
    .sum([2, 4])
    .mul(np.array(counts, { shape: [1, oh, ow, 1] }));
}

/** The network in jax-js, compiled; depthwise convolutions as nine shifted products. */
export function inJax(problem: Problem): Promise<Contender> {
  const { stages, blocks, weights, images, shape, labels, classes } = problem;
  const numbered = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);
  const loss = (tensors: readonly JaxArray[], x: JaxArray, targets: JaxArray): JaxArray => {
    const named: Weights = new Map(weights.map(({ path }, i) => [path, tensors[i] as JaxArray]));
    let y = dense(named, "stem", "filter", x);
    for (const s of numbered(stages)) {
      for (const b of numbered(blocks)) y = block(named, `stage${s}.block${b}`, y);
      y = halve(y);
    }
    const logits = dense(named, "head", "weights", y.reshape([labels.length, -1]));
    return nn
      .logSoftmax(logits)
      .mul(targets)
      .sum()
      .mul(-1 / labels.length);
  };
  const compute = (x: JaxArray, targets: JaxArray, ...tensors: JaxArray[]): JaxArray[] => {
    const differentiated = valueAndGrad(loss as never) as unknown as (
      ...args: readonly [readonly JaxArray[], JaxArray, JaxArray]
    ) => readonly [JaxArray, readonly JaxArray[]];
    const [value, gradients] = differentiated(tensors, x, targets);
    return [value, ...gradients];
  };
  const inputs = [{ data: images, shape }, { data: oneHotRows(labels, classes), shape: [labels.length, classes] }, ...weights];
  return jaxJs({ inputs, compute });
}
