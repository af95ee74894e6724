import type { Backend } from "@lodo/tensor";
import { conformsToPrimitive } from "../conformsToPrimitive.ts";
import { Counterexample } from "../counterexample.ts";
import type { TestRunner } from "../runner.ts";
import type { Operation } from "../sample.ts";
import { backendLaws } from "./backendLaws.ts";
import type { KernelCases } from "./kernelCases.ts";
import { expectKernel } from "./kernelLaw.ts";
import { kernelCases as registered } from "./kernels/index.ts";

export interface BackendConformance {
  /** Whose samples run under it. */
  readonly operations: readonly Operation[];
  /** All registered in `kernels/` unless named. */
  readonly kernelCases?: readonly KernelCases[];
  /** How many times each sample is drawn, and how many hundred calls of each kernel. */
  readonly draws?: number;
  readonly seed?: number;
}

/** Declares tests that a backend computes what the reference does: operations with their derivatives, and each of its kernels by itself. */
export function conformsToBackend(
  { describe, it }: TestRunner,
  backend: Backend,
  { operations, kernelCases = registered, draws = 1, seed = 1 }: BackendConformance,
): void {
  const laws = backendLaws(backend);
  describe(`backend ${backend.name}`, () => {
    for (const operation of operations) conformsToPrimitive({ describe, it }, operation, { laws, draws, seed });
    describe("its kernels", () => {
      it("have cases, each of them", () => {
        const known = new Set(kernelCases.map(({ kernel }) => kernel));
        const missing = [...backend.kernels.keys()].filter((kernel) => !known.has(kernel));
        if (missing.length > 0) throw new Counterexample(`no cases are registered for ${missing.join(", ")}`);
      });
      for (const cases of kernelCases.filter(({ kernel }) => backend.kernels.has(kernel)))
        it(`${cases.kernel} agrees with its reference, on the heap and off it`, () => {
          if (expectKernel(backend, cases, { runs: 100 * draws, seed }) === 0)
            throw new Counterexample(`${cases.kernel}: nothing was compared`);
        });
    });
  });
}
