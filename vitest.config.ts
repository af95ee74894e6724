import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source", "node", "import", "default"] },
  ssr: { resolve: { conditions: ["source", "node", "import", "default"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/globalSetup.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 120_000,
    // What is said of bits is said of the reference, unless a test names another backend.
    env: { LODO_BACKEND: "reference" },
    // Left to itself it keeps one processor free, which of two is half.
    maxWorkers: "100%",
  },
});
