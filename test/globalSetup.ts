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
  const { status, stdout, error } = spawnSync("node_modules/.bin/tsc", ["--build"], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  project.provide("buildFailure", status === 0 ? null : `tsc --build: ${error?.message ?? stdout}`);
}
