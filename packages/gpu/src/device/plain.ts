import type { GPU } from "gpu.js";
import { Bounded } from "./bounded.ts";
import { type Compiled, compile } from "./compiled.ts";
import type { Counts, Device, Parameters, Pass, Texels } from "./device.ts";
import { addNatives } from "./natives.ts";

interface PlainTexels extends Texels {
  /** Numbers, or fours of them. */
  readonly values: Float32Array | readonly Float32Array[];
}

/** gpu.js's "cpu" mode: the same kernels as JavaScript, for tests. */
export function plainDevice(gpu: GPU, bound: number): Device {
  addNatives(gpu, "cpu");
  let closed = false;
  const counts: Counts = { passes: 0, uploads: 0, reads: 0 };
  const kernels = new Bounded<Compiled>(bound, (kernel) => kernel.destroy());
  return {
    mode: "cpu",
    renderer: "JavaScript",
    counts,
    bytes: 0,
    get lost() {
      return closed;
    },
    upload(numbers): PlainTexels {
      counts.uploads++;
      return { size: numbers.length, packed: false, values: numbers.slice() };
    },
    run(pass: Pass, inputs: readonly Texels[], parameters: Parameters): PlainTexels {
      counts.passes++;
      const arrays = inputs.map(({ packed }) => (packed ? "Array1D(4)" : "Array"));
      const kernel = kernels.get(JSON.stringify([pass, arrays]), () => compile(gpu, pass, arrays, parameters));
      const values = kernel(...inputs.map((t) => (t as PlainTexels).values), ...parameters.integers, ...parameters.reals);
      return { size: pass.size, packed: pass.packed, values: values as PlainTexels["values"] };
    },
    read(texels) {
      counts.reads++;
      const { values, packed } = texels as PlainTexels;
      return packed ? Float32Array.from((values as Float32Array[]).flatMap((four) => [...four])) : (values as Float32Array).slice();
    },
    free() {},
    async close() {
      closed = true;
    },
  };
}
