import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromium } from "./test/browser/chromium.ts";
import { fromTheBundle } from "./test/browser/fromTheBundle.ts";

if (chromium.path === null) throw new Error(chromium.remedy);

/** The packages as a page has them: bundled, minified, in Chromium. `npm run test:browser` */
export default defineConfig({
  plugins: [fromTheBundle()],
  // What gives a page memory that threads share.
  server: { headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" } },
  // The bundle, which is served as it is.
  publicDir: "node_modules/.browser-tests",
  // Else they are found one by one, and the page loads anew for each.
  optimizeDeps: { noDiscovery: true, include: ["@noble/hashes/sha2.js", "@noble/hashes/utils.js", "gpu.js"] },
  test: {
    name: "browser",
    include: ["test/browser/*.browser.ts", "packages/gpu/test/*.test.ts"],
    globalSetup: ["test/globalSetup.ts", "test/browser/globalSetup.ts"],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: chromium.path, args: [...chromium.flags] } }),
      instances: [{ browser: "chromium" }],
    },
  },
});
