import { spawnSync } from "node:child_process";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** What the compiler said if the build failed; null if it is good. Tests that start the built command line fail with it. */
    readonly buildFailure: string | null;
  }
}

/** Builds once, before any test: quick where nothing has changed. */
export function setup(project: TestProject): void {
  const steps: readonly (readonly string[])[] = [["packages/kernels/compile.js"], ["node_modules/typescript/bin/tsc", "--build"]];
  let failure: string | null = null;
  for (const step of steps) {
    const { status, stdout, stderr, error } = spawnSync(process.execPath, step, { encoding: "utf8" });
    if (status !== 0) failure ??= `${step.join(" ")}: ${error?.message ?? stdout + stderr}`;
  }
  project.provide("buildFailure", failure);
}
