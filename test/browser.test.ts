import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { chromium } from "./browser/chromium.ts";

/** What a child needs of this process: not that a test runner runs it. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST$|MODE$|DEV$|PROD$|SSR$)/.test(name)),
);

// The whole of it takes its time: npm run test:browser.
it("bundled and minified, the packages give in Chromium the bits that they give in Node, on one thread and on two", ({ skip }) => {
  skip(chromium.path === null, chromium.remedy);
  const files = ["digests", "production", "threads"].map((name) => `test/browser/${name}.browser.ts`);
  const args = [resolve("node_modules/vitest/vitest.mjs"), "run", "--config", "vitest.browser.config.ts", ...files];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env: environment });
  expect(status, `${stdout}${stderr}`).toBe(0);
});

it.each(["/nonexistent", "/tmp"])("where %s is no Chromium, the browser's tests say so", (path) => {
  const args = [resolve("node_modules/vitest/vitest.mjs"), "run", "--config", "vitest.browser.config.ts"];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env: { ...environment, LODO_CHROMIUM: path } });
  expect(status).toBe(1);
  expect(stderr).toContain(`LODO_CHROMIUM names no program: ${path}`);
});
