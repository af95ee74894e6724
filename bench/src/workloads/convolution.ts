import { lax, numpy as np, vjp } from "@jax-js/jax";
import { array, conv2d, conv2dFilterGradient, conv2dInputGradient, type Filter, type Images, type Tensor, tensor } from "@lodo/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type JaxArray, jaxJs } from "../contenders/jax.ts";
import { type BackendName, ours } from "../contenders/ours.ts";
import { tfjs } from "../contenders/tfjs.ts";
import { wholeNumbers } from "../data.ts";
import { assemble, type Contender, type Entry, type Maker } from "../workload.ts";
import { tapsByOps } from "./taps.ts";

export type Direction = "forward" | "input gradient" | "filter gradient";

export const directions: readonly Direction[] = ["forward", "input gradient", "filter gradient"];

type Extents4 = readonly [number, number, number, number];

const same = { padding: "same" } as const;

/** A 3×3 convolution of 32 images of 28×28 from 20 channels to 40, as networks of the size of the paper's have them. */
export function convolutionEntry(direction: Direction): Entry {
  const name = `conv 3×3 32×28×28×20→40 ${direction}`;
  return {
    name,
    async open(size) {
      const [n, h, w, ci, co] = size === "quick" ? [2, 5, 6, 3, 4] : [32, 28, 28, 20, 40];
      const shapes = { x: [n, h, w, ci], filter: [3, 3, ci, co], ct: [n, h, w, co] } as const;
      const [x, filter, ct] = [shapes.x, shapes.filter, shapes.ct].map((shape, i) => ({
        data: wholeNumbers(
          shape.reduce((a, b) => a * b),
          i,
        ),
        shape: shape as Extents4,
      })) as [Input, Input, Input];
      const inputs = { forward: [x, filter], "input gradient": [ct, filter], "filter gradient": [x, ct] }[direction];
      return {
        name,
        work: (2 * n * h * w * 9 * ci * co) / 1e9,
        unit: "GFLOP/s",
        tolerance: 0,
        contenders: await assemble([
          ...(["simd", "reference"] as const).map((backend): Maker => [backend, () => our(backend, direction, inputs, shapes)]),
          ["tfjs wasm", () => tfjs("wasm", { inputs, compute: inTf(direction, shapes) }, direction === "filter gradient" ? "by ops" : "")],
          ...(direction === "filter gradient"
            ? []
            : [["tfjs cpu", () => tfjs("cpu", { inputs, compute: inTf(direction, shapes) })] as const]),
          ["jax-js", () => jaxJs({ inputs, compute: inJax(direction, shapes) })],
        ]),
      };
    },
  };
}

interface Input {
  readonly data: Float32Array;
  readonly shape: Extents4;
}

interface Shapes {
  readonly x: Extents4;
  readonly filter: Extents4;
  readonly ct: Extents4;
}

async function our(backend: BackendName, direction: Direction, inputs: readonly Input[], shapes: Shapes): Promise<Contender> {
  const us = await ours(backend);
  const compute = (a: Tensor, b: Tensor): Tensor => {
    if (direction === "forward") return conv2d(a as Images, b as Filter, same);
    if (direction === "input gradient") return conv2dInputGradient(a as Images, b as Filter, shapes.x, same);
    return conv2dFilterGradient(a as Images, b as Images, shapes.filter, same);
  };
  const upload = (): [Tensor, Tensor] =>
    inputs.map(({ data, shape }) => tensor(data, shape, { dtype: "float32" })) as Tensor[] as [Tensor, Tensor];
  const [a, b] = us.keep(upload);
  return {
    name: us.name,
    run: () => us.step(() => compute(a, b)),
    withCopies: () => us.step(() => array(compute(...upload()))),
    result: () => us.numbers(() => compute(a, b)),
    close: us.close,
  };
}

function inTf(direction: Direction, { x, filter }: Shapes): (a: tf.Tensor, b: tf.Tensor) => tf.Tensor {
  const [n, h, w, ci] = x;
  if (direction === "forward") return (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, "same");
  if (direction === "input gradient") return (ct, f) => tf.conv2dTranspose(ct as tf.Tensor4D, f as tf.Tensor4D, [n, h, w, ci], 1, "same");
  return (x, ct) => {
    const rows = tf.reshape(ct, [n * h * w, filter[3]]);
    const products = tapsByOps(x as tf.Tensor4D).map((tap) =>
      tf.matMul(tf.reshape(tap, [n * h * w, ci]) as tf.Tensor2D, rows as tf.Tensor2D, true),
    );
    return tf.reshape(tf.concat(products, 0), [...filter]);
  };
}

function inJax(direction: Direction, { x, filter }: Shapes): (a: JaxArray, b: JaxArray) => JaxArray {
  /** Between [n, h, w, c] and the [n, c, h, w] that jax-js convolves. */
  const forward = (x: JaxArray, f: JaxArray): JaxArray =>
    np.transpose(lax.conv(np.transpose(x, [0, 3, 1, 2]), np.transpose(f, [3, 2, 0, 1]), [1, 1], "SAME"), [0, 2, 3, 1]);
  if (direction === "forward") return forward;
  if (direction === "input gradient") return (ct, f) => pull((x) => forward(x, f), np.zeros([...x]), ct);
  return (x, ct) => pull((f) => forward(x, f), np.zeros([...filter]), ct);
}

/** The pullback of a linear f. */
function pull(f: (x: JaxArray) => JaxArray, at: JaxArray, ct: JaxArray): JaxArray {
  const [y, pullback] = vjp(f, [at]) as unknown as [JaxArray, (ct: JaxArray) => [JaxArray]];
  y.dispose();
  return pullback(ct)[0];
}
