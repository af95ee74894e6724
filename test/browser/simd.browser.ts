import { simd } from "@lodo/kernels";
import { conformsToBackend, operations } from "@lodo/testkit";
import { describe, it } from "vitest";

const backend = await simd({ memory: 2 ** 26 });

conformsToBackend({ describe, it }, backend, { operations });
