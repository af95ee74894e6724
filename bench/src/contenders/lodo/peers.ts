import { numpy as np } from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import type { Contender } from "../../workload.ts";
import { type JaxArray, jaxJs } from "../jax.ts";
import { tfjs } from "../tfjs.ts";
import { K, N, type Setting } from "./setting.ts";

/** The inverse of a permutation. */
function inverse(p: Int32Array): Int32Array {
  const q = new Int32Array(p.length);
  p.forEach((at, i) => {
    q[at] = i;
  });
  return q;
}

interface Input {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** m, and a layer after another: blocks, permutation, its inverse. */
function inputsOf({ m, n, width, theta, permutations }: Setting): readonly Input[] {
  const blocks = Float32Array.from(theta);
  const layers = permutations.flatMap((p, i): Input[] => [
    { data: blocks.subarray(i * width * K, (i + 1) * width * K), shape: [width / K, K, K] },
    { data: p, shape: [width] },
    { data: inverse(p), shape: [width] },
  ]);
  return [{ data: m, shape: [n] }, ...layers];
}

const layerAt = <T>(layers: readonly T[], i: number): readonly [blocks: T, p: T, q: T] =>
  layers.slice(3 * i, 3 * i + 3) as unknown as [T, T, T];

/** G m of equation (2) by gathers and batched products. */
export function applyInTensorFlow(s: Setting): Promise<Contender> {
  const { n, width } = s;
  const blocksTimes = (B: tf.Tensor, v: tf.Tensor, transposed: boolean): tf.Tensor =>
    tf.reshape(tf.matMul(B as tf.Tensor3D, tf.reshape(v, [width / K, K, 1]) as tf.Tensor3D, transposed), [width]);
  const compute = (m: tf.Tensor, ...layers: tf.Tensor[]): tf.Tensor => {
    let v: tf.Tensor = tf.pad(m, [[0, width - n]]);
    for (let i = 0; i < N; i++) {
      const [B, p] = layerAt(layers, i);
      v = blocksTimes(B, tf.gather(v, p as tf.Tensor1D), false);
    }
    for (let i = N - 1; i >= 0; i--) {
      const [B, , q] = layerAt(layers, i);
      v = tf.gather(blocksTimes(B, v, true), q as tf.Tensor1D);
    }
    return tf.slice(v, [0], [n]);
  };
  return tfjs("wasm", { inputs: inputsOf(s), compute: compute as (...inputs: tf.Tensor[]) => tf.Tensor });
}

export function applyInJax(s: Setting): Promise<Contender> {
  const { n, width } = s;
  const compute = (m: JaxArray, ...layers: JaxArray[]): JaxArray => {
    let v: JaxArray = np.pad(m, [[0, width - n]]);
    for (let i = 0; i < N; i++) {
      const [B, p] = layerAt(layers, i);
      v = np.matmul(B.ref, np.take(v, p, 0).reshape([width / K, K, 1])).reshape([width]);
    }
    for (let i = N - 1; i >= 0; i--) {
      const [B, , q] = layerAt(layers, i);
      const product = np.matmul(np.matrixTranspose(B), v.reshape([width / K, K, 1])).reshape([width]);
      v = np.take(product, q, 0);
    }
    return v.slice([0, n]);
  };
  return jaxJs({ inputs: inputsOf(s), compute: compute as (...inputs: JaxArray[]) => JaxArray });
}

const [b1, b2, eps] = [0.9, 0.999, 1e-7];
/** −η √(1 − β₂ᵗ)/(1 − β₁ᵗ) at t = 2. */
const STEP = (-0.001 * Math.sqrt(1 - b2 * b2)) / (1 - b1 * b1);

const moments = ({ hypergradient, mu, nu }: Setting): readonly Input[] =>
  [hypergradient, mu, nu].map((data) => ({ data, shape: [data.length] }));

/** The next moments, too, since a step keeps them; what is compared is Δ. */
export function adamInTensorFlow(s: Setting): Promise<Contender> {
  const compute = (...[g, μ, ν]: tf.Tensor[]): tf.Tensor => {
    const first = tf.add(tf.mul(μ as tf.Tensor, b1), tf.mul(g as tf.Tensor, 1 - b1));
    const second = tf.add(tf.mul(ν as tf.Tensor, b2), tf.mul(tf.square(g as tf.Tensor), 1 - b2));
    return tf.div(tf.mul(first, STEP), tf.add(tf.sqrt(second), eps));
  };
  return tfjs("wasm", { inputs: moments(s), compute });
}

export function adamInJax(s: Setting): Promise<Contender> {
  const compute = (g: JaxArray, μ: JaxArray, ν: JaxArray): JaxArray => {
    const first = μ.mul(b1).add(g.ref.mul(1 - b1));
    const second = ν.mul(b2).add(np.square(g).mul(1 - b2));
    return np.divide(first.mul(STEP), np.sqrt(second).add(eps));
  };
  return jaxJs({ inputs: moments(s), compute: compute as (...inputs: JaxArray[]) => JaxArray });
}
