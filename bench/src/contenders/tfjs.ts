import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { Contender } from "../workload.ts";

export type TfBackend = "wasm" | "cpu";

/** What a TensorFlow.js contender computes: tensors in, tensors out. */
export interface TfWork {
  readonly inputs: readonly { readonly data: Float32Array | Int32Array; readonly shape: readonly number[] }[];
  readonly compute: (...inputs: tf.Tensor[]) => tf.Tensor | readonly tf.Tensor[];
}

let opened = false;

/** TensorFlow.js on one of its backends; one thread, as it runs in Node. `note` says what of the work is ours. */
export async function tfjs(backend: TfBackend, { inputs, compute }: TfWork, note = ""): Promise<Contender> {
  if (!opened) {
    setWasmPaths(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")) + sep);
    tf.enableProdMode();
    opened = true;
  }
  const use = async (): Promise<void> => {
    if (tf.getBackend() !== backend && !(await tf.setBackend(backend))) throw new Error(`tfjs: no backend "${backend}"`);
  };
  await use();
  const upload = (): tf.Tensor[] =>
    inputs.map(({ data, shape }) => tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32"));
  const resident = upload();
  const download = (out: tf.Tensor | readonly tf.Tensor[]): Float64Array[] =>
    (Array.isArray(out) ? (out as readonly tf.Tensor[]) : [out as tf.Tensor]).map((t) => Float64Array.from(t.dataSync()));
  /** Everything made inside is thrown away. */
  const inside = <T>(f: () => T): T => {
    let value: T | undefined;
    tf.tidy(() => {
      value = f();
    });
    return value as T;
  };
  return {
    peer: true,
    name: `tfjs ${backend}${note ? ` (${note})` : ""}`,
    prepare: use,
    run: () => inside(() => void compute(...resident)),
    withCopies: () => inside(() => (([compute(...upload())] as const).flat() as tf.Tensor[]).map((t) => t.dataSync())),
    result: () => {
      const parts = inside(() => download(compute(...resident)));
      return Float64Array.from(parts.flatMap((part) => [...part]));
    },
    async close() {
      await use();
      tf.dispose(resident);
    },
  };
}
