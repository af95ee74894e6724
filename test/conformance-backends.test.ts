import { simd } from "@lodo/kernels";
import { casesFactor, conformsToBackend, operations, suiteSeed } from "@lodo/testkit";
import { describe, it } from "vitest";

const backend = await simd({ memory: 2 ** 26 });
// What nothing has written is NaN, in either dtype: reading it shows.
new Uint8Array(backend.heap.buffer).fill(0xff);

conformsToBackend({ describe, it }, backend, {
  operations,
  draws: casesFactor(process.env),
  seed: suiteSeed(process.env),
});
