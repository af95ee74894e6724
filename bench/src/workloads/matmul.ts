import { numpy } from "@jax-js/jax";
import { array, type DType, type Matrix, matmul, tensor } from "@lodo/tensor";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { Matrix as MlMatrix } from "ml-matrix";
import { gpuJs } from "../contenders/gpuJs.ts";
import { jaxJs } from "../contenders/jax.ts";
import { type BackendName, ours } from "../contenders/ours.ts";
import { tfjs } from "../contenders/tfjs.ts";
import { wholeNumbers } from "../data.ts";
import { assemble, type Contender, type Entry, type Maker } from "../workload.ts";

interface Extents {
  readonly M: number;
  readonly K: number;
  readonly N: number;
}

/** Above so many multiplications a call, those who need seconds for it are left out. */
const PLAIN_LIMIT = 2 ** 29;
const GPU_JS_LIMIT = 2 ** 25;

const SOURCE = `function (a, b) {
  let sum = 0;
  for (let k = 0; k < this.constants.K; k++) sum += a[this.thread.y][k] * b[k][this.thread.x];
  return sum;
}`;

/** C = A B. */
export function matmulEntry(name: string, full: Extents, dtype: DType): Entry {
  return {
    family: `matmul ${dtype}`,
    name: `matmul ${dtype} ${name}`,
    async open(size) {
      const { M, K, N } = size === "quick" ? { M: Math.min(full.M, 24), K: Math.min(full.K, 17), N: Math.min(full.N, 13) } : full;
      const [a, b] = [wholeNumbers(M * K, 1), wholeNumbers(K * N, 2)];
      const inputs = [
        { data: a, shape: [M, K] as const },
        { data: b, shape: [K, N] as const },
      ];
      const multiplications = M * K * N;
      const product = (A: tf.Tensor, B: tf.Tensor): tf.Tensor => tf.matMul(A as Tensor2D, B as Tensor2D);
      const single: readonly Maker[] = [
        ["tfjs wasm", () => tfjs("wasm", { inputs, compute: product })],
        ["jax-js", () => jaxJs({ inputs, compute: (A, B) => numpy.matmul(A as never, B as never) })],
        ...(multiplications > PLAIN_LIMIT ? [] : [["tfjs cpu", () => tfjs("cpu", { inputs, compute: product })] as const]),
        ...(multiplications > GPU_JS_LIMIT ? [] : (["webasm", "cpu"] as const)).map(
          (mode): Maker => [`gpu.js ${mode}`, () => gpuJs({ mode, source: SOURCE, constants: { K }, output: [N, M], inputs })],
        ),
      ];
      const double: readonly Maker[] = [["ml-matrix", () => mlMatrix(a, b, { M, K, N })]];
      const backends: readonly BackendName[] = [
        "simd",
        "simd, 2 threads",
        ...(multiplications > PLAIN_LIMIT ? [] : (["reference"] as const)),
      ];
      return {
        name: `matmul ${dtype} ${name}`,
        work: (2 * multiplications) / 1e9,
        unit: "GFLOP/s",
        tolerance: 0,
        contenders: await assemble([
          ...backends.map((backend): Maker => [backend, () => our(backend, a, b, { M, K, N }, dtype)]),
          ...(dtype === "float32" ? single : double),
        ]),
      };
    },
  };
}

async function our(backend: BackendName, a: Float32Array, b: Float32Array, { M, K, N }: Extents, dtype: DType): Promise<Contender> {
  const us = await ours(backend);
  const [x, y] = dtype === "float64" ? [Float64Array.from(a), Float64Array.from(b)] : [a, b];
  const [A, B] = [us.place(x, [M, K], dtype) as Matrix, us.place(y, [K, N], dtype) as Matrix];
  return {
    name: us.name,
    run: () => us.step(() => matmul(A, B)),
    withCopies: () => us.step(() => array(matmul(tensor(x, [M, K], { dtype }), tensor(y, [K, N], { dtype })))),
    result: () => us.numbers(() => matmul(A, B)),
    close: us.close,
  };
}

function mlMatrix(a: Float32Array, b: Float32Array, { M, K, N }: Extents): Contender {
  const load = (data: Float32Array, rows: number, columns: number): MlMatrix =>
    MlMatrix.from1DArray(rows, columns, data as unknown as number[]);
  const [A, B] = [load(a, M, K), load(b, K, N)];
  return {
    peer: true,
    name: "ml-matrix",
    run: () => A.mmul(B),
    withCopies: () =>
      load(a, M, K)
        .mmul(load(b, K, N))
        .to1DArray(),
    result: () => A.mmul(B).to1DArray(),
  };
}
