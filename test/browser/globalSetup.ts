import { resolve } from "node:path";
import { build } from "vite";
import type { TestProject } from "vitest/node";
import { digests } from "./digests.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What Node makes of the same code. */
    readonly digests: Readonly<Record<string, string>>;
  }
}

/** Bundles the packages' builds for production, as an application would, and computes in Node what the browser is to find too. */
export async function setup(project: TestProject): Promise<void> {
  project.provide("digests", await digests());
  await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    resolve: { alias: [{ find: /^(.*\/packages\/[a-z]+)\/src\/(.*)\.ts$/, replacement: "$1/dist/$2.js" }] },
    build: {
      target: "es2022",
      outDir: resolve("node_modules/.browser-tests"),
      emptyOutDir: true,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: {
        input: resolve("test/browser/library.ts"),
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "library.js" },
      },
    },
  });
}
