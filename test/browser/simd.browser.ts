import { simd } from "@lodo/kernels";
import { chainOperation, conformsToBackend, lstmOperation, tensorOperations } from "@lodo/testkit";
import { describe, it } from "vitest";

const backend = await simd({ memory: 2 ** 26 });

conformsToBackend({ describe, it }, backend, { operations: [...tensorOperations, chainOperation, lstmOperation] });
