import { add, type Data, type Vector } from "@lodo/tensor";
import { ours } from "../contenders/ours.ts";
import { wholeNumbers } from "../data.ts";
import { assemble, type Contender, type Entry } from "../workload.ts";

/** How fast memory goes, beside which everything elementwise is to be read: arrays of 64 MiB, on the SIMD backend's heap. */
export const bandwidthEntries: readonly Entry[] = [
  {
    family: "memory, c = a",
    name: "memory, c = a",
    open: (size) => race("memory, c = a", size === "quick" ? 100 : 2 ** 24, 2, [copied, copiedByLoop]),
  },
  {
    family: "memory, c = a + b",
    name: "memory, c = a + b",
    open: (size) => race("memory, c = a + b", size === "quick" ? 100 : 2 ** 24, 3, [added, addedByLoop]),
  },
];

async function race(name: string, n: number, streams: number, makers: readonly ((n: number) => Promise<Contender>)[]) {
  return {
    name,
    work: (streams * 4 * n) / 1e9,
    unit: "GB/s",
    tolerance: 0,
    contenders: await assemble(makers.map((make) => [make.name, () => make(n)])),
  };
}

/** Arrays on the heap, and what gives them back. */
async function onHeap(n: number) {
  const us = await ours("simd");
  const [a, b, c] = [1, 2, 3].map((seed) => us.place(wholeNumbers(n, seed), [n], "float32")) as [Vector, Vector, Vector];
  const [x, y, z] = [a, b, c].map((t) => t.storage.data) as [Data, Data, Data];
  return { us, a, b, x, y, z };
}

async function copied(n: number): Promise<Contender> {
  const { us, x, z } = await onHeap(n);
  const run = (): Data => {
    z.set(x);
    return z;
  };
  return { name: "memmove", run, result: run, close: us.close };
}

async function copiedByLoop(n: number): Promise<Contender> {
  const { us, x, z } = await onHeap(n);
  const run = (): Data => {
    for (let i = 0; i < n; i++) z[i] = x[i] as number;
    return z;
  };
  return { name: "a loop", run, result: run, close: us.close };
}

async function added(n: number): Promise<Contender> {
  const { us, a, b } = await onHeap(n);
  return { name: "simd, add", run: () => us.step(() => add(a, b)), result: () => us.numbers(() => add(a, b)), close: us.close };
}

async function addedByLoop(n: number): Promise<Contender> {
  const { us, x, y, z } = await onHeap(n);
  const run = (): Data => {
    for (let i = 0; i < n; i++) z[i] = (x[i] as number) + (y[i] as number);
    return z;
  };
  return { name: "a loop", run, result: run, close: us.close };
}
