import { array, type Filter, type Images, type Tensor, tensor } from "@lodo/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { type JaxArray, jaxJs } from "../contenders/jax.ts";
import { transposeOf } from "../contenders/jaxOps.ts";
import { type BackendName, ours } from "../contenders/ours.ts";
import { tfjs } from "../contenders/tfjs.ts";
import { wholeNumbers } from "../data.ts";
import { assemble, type Contender, type Entry, type Maker, type Size } from "../workload.ts";

export type Extents4 = readonly [number, number, number, number];

/** x and filter are what comes in, ct is a cotangent of what comes out. */
export interface Shapes {
  readonly x: Extents4;
  readonly filter: Extents4;
  readonly ct: Extents4;
}

interface InTensorFlow {
  forward(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor;
  inputGradient(ct: tf.Tensor4D, filter: tf.Tensor4D, shape: Extents4): tf.Tensor;
  filterGradient(x: tf.Tensor4D, ct: tf.Tensor4D, shape: Extents4): tf.Tensor;
}

/** A convolution in its three readings, as each contender has it. */
export interface Convolution {
  readonly name: string;
  shapes(size: Size): Shapes;
  readonly ours: {
    forward(x: Images, filter: Filter): Tensor;
    inputGradient(ct: Images, filter: Filter, shape: Extents4): Tensor;
    filterGradient(x: Images, ct: Images, shape: Extents4): Tensor;
  };
  readonly tf: InTensorFlow;
  /** What its plain backend has in place of those. */
  readonly tfPlain: Partial<InTensorFlow>;
  /** Which of them TensorFlow.js has no WebAssembly kernel for, so that they are made of others. */
  readonly byOps: ReadonlySet<Direction>;
  jax(x: JaxArray, filter: JaxArray): JaxArray;
}

export type Direction = "forward" | "input gradient" | "filter gradient";

const directions: readonly Direction[] = ["forward", "input gradient", "filter gradient"];
const methods = { forward: "forward", "input gradient": "inputGradient", "filter gradient": "filterGradient" } as const;

interface Input {
  readonly data: Float32Array;
  readonly shape: Extents4;
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** A workload for each direction. All of them are the same multiplications. */
export const threeDirections = (convolution: Convolution): readonly Entry[] => directions.map((direction) => entry(convolution, direction));

function entry(convolution: Convolution, direction: Direction): Entry {
  const name = `${convolution.name} ${direction}`;
  return {
    family: name,
    name,
    async open(size) {
      const shapes = convolution.shapes(size);
      const [x, filter, ct] = [shapes.x, shapes.filter, shapes.ct].map((shape, i) => ({
        data: wholeNumbers(product(shape), i),
        shape,
      })) as [Input, Input, Input];
      const inputs = { forward: [x, filter], "input gradient": [ct, filter], "filter gradient": [x, ct] }[direction];
      const note = convolution.byOps.has(direction) ? "by ops" : "";
      const inTf = tensorFlow(convolution.tf, direction, shapes);
      const plain = note === "" || methods[direction] in convolution.tfPlain;
      const plainly = tensorFlow({ ...convolution.tf, ...convolution.tfPlain }, direction, shapes);
      return {
        name,
        work: (2 * product(shapes.ct) * product(shapes.filter.slice(0, 2)) * taken(shapes)) / 1e9,
        unit: "GFLOP/s",
        tolerance: 0,
        contenders: await assemble([
          ...(["simd", "simd, 2 threads", "reference"] as const).map(
            (backend): Maker => [backend, () => our(backend, convolution, direction, inputs, shapes)],
          ),
          ["tfjs wasm", () => tfjs("wasm", { inputs, compute: inTf }, note)],
          ...(plain ? [["tfjs cpu", () => tfjs("cpu", { inputs, compute: plainly })] as const] : []),
          ["jax-js", () => jaxJs({ inputs, compute: jax(convolution, direction, shapes) })],
        ]),
      };
    },
  };
}

/** Channels that each number of the result is summed over: all, or one where every channel has filters of its own. */
const taken = ({ filter, ct }: Shapes): number => (filter[3] === ct[3] ? filter[2] : 1);

async function our(
  backend: BackendName,
  { ours: ops }: Convolution,
  direction: Direction,
  inputs: readonly Input[],
  shapes: Shapes,
): Promise<Contender> {
  const us = await ours(backend);
  const compute = (a: Tensor, b: Tensor): Tensor => {
    if (direction === "forward") return ops.forward(a as Images, b as Filter);
    if (direction === "input gradient") return ops.inputGradient(a as Images, b as Filter, shapes.x);
    return ops.filterGradient(a as Images, b as Images, shapes.filter);
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

function tensorFlow(ops: InTensorFlow, direction: Direction, { x, filter }: Shapes): (a: tf.Tensor, b: tf.Tensor) => tf.Tensor {
  if (direction === "forward") return (x, f) => ops.forward(x as tf.Tensor4D, f as tf.Tensor4D);
  if (direction === "input gradient") return (ct, f) => ops.inputGradient(ct as tf.Tensor4D, f as tf.Tensor4D, x);
  return (x, ct) => ops.filterGradient(x as tf.Tensor4D, ct as tf.Tensor4D, filter);
}

function jax({ jax: forward }: Convolution, direction: Direction, { x, filter }: Shapes): (a: JaxArray, b: JaxArray) => JaxArray {
  if (direction === "forward") return forward;
  if (direction === "input gradient") return (ct, f) => transposeOf((x) => forward(x, f), x, ct);
  return (x, ct) => transposeOf((f) => forward(x, f), filter, ct);
}
