import * as jax from "@jax-js/jax";
import type { Contender } from "../workload.ts";
import { endToEnd } from "./ours.ts";

export type JaxArray = jax.Array;

export interface JaxWork {
  readonly inputs: readonly { readonly data: Float32Array | Int32Array; readonly shape: readonly number[] }[];
  /** In jax-js every use of an array but the last takes `.ref`. */
  readonly compute: (...inputs: JaxArray[]) => JaxArray | JaxArray[];
}

let opened = false;

/** jax-js on its WebAssembly backend, compiled. */
export async function jaxJs({ inputs, compute }: JaxWork, note = ""): Promise<Contender> {
  if (!opened) {
    const devices = await jax.init("wasm");
    if (!devices.includes("wasm")) throw new Error("jax-js: no device wasm");
    jax.defaultDevice("wasm");
    opened = true;
  }
  const compiled = jax.jit(compute as (...inputs: JaxArray[]) => JaxArray);
  const upload = (): JaxArray[] => inputs.map(({ data, shape }) => jax.numpy.array(data as Float32Array, { shape: [...shape] }));
  const resident = upload();
  const outputs = (arrays: readonly JaxArray[]): JaxArray[] => [compiled(...arrays)].flat() as JaxArray[];
  return {
    peer: true,
    name: `jax-js${note ? ` (${note})` : ""}`,
    async run() {
      const out = outputs(resident.map((x) => x.ref));
      for (const x of out) await x.blockUntilReady();
      for (const x of out) x.dispose();
    },
    async withCopies() {
      for (const x of outputs(upload())) await x.data();
    },
    async result() {
      const parts: ArrayLike<number>[] = [];
      for (const x of outputs(resident.map((x) => x.ref))) parts.push((await x.data()) as ArrayLike<number>);
      return endToEnd(parts);
    },
    close() {
      for (const x of resident) x.dispose();
    },
  };
}
