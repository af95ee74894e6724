import { simd } from "@lodo/kernels";
import {
  casesFactor,
  chainOperation,
  conformsToBackend,
  lstmOperation,
  residualChainOperation,
  suiteSeed,
  tensorOperations,
} from "@lodo/testkit";
import { describe, it } from "vitest";

const backend = await simd({ memory: 2 ** 26 });
// What nothing has written is NaN, in either dtype: reading it shows.
new Uint8Array(backend.heap.buffer).fill(0xff);

conformsToBackend({ describe, it }, backend, {
  operations: [...tensorOperations, chainOperation, residualChainOperation, lstmOperation],
  draws: casesFactor(process.env),
  seed: suiteSeed(process.env),
});
