import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Software rendering, so that it needs no GPU, and nothing over the network that a test did not ask for. */
const flags: readonly string[] = [
  ...["--no-sandbox", "--headless=new", "--no-first-run"],
  ...["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--enable-unsafe-webgpu"],
  ...["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

const told = process.env["LODO_CHROMIUM"] || null;

/** What to do where there is none. */
const remedy = told
  ? `LODO_CHROMIUM names no program: ${told}`
  : "no Chromium in the PATH: apt-get install chromium, or name one in LODO_CHROMIUM; then npm run test:browser";

/** This system's Chromium: where LODO_CHROMIUM says, or of one of its usual names in the PATH; `path` is null if there is none. */
export const chromium: { readonly path: string | null; readonly remedy: string; readonly flags: readonly string[] } = {
  path: find(),
  remedy,
  flags,
};

function find(): string | null {
  if (told) return isExecutable(told) ? told : null;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
