import { ArgumentError, BackendError } from "@lodo/tensor";
import type { GPU } from "gpu.js";

/** What gpu.js is asked to run: a graphics context, or JavaScript. */
export type Mode = (typeof modes)[number];

const modes = ["webgl2", "webgl", "headlessgl", "cpu"] as const;

export interface Opened {
  readonly gpu: GPU;
  readonly mode: Mode;
}

// Why there is none, and after the semicolon what would help.
const IN_NODE =
  "there is no OpenGL context in this process; in Node the optional module gl makes one: install Debian's libxi-dev, libgl1-mesa-dri and xvfb " +
  "with a C++ compiler and python3, then run npm install gl@8.1.6 (the version that gpu.js loads), and start the program under xvfb-run";
const IN_BROWSER =
  "this page gets no WebGL2 context with float32 textures; see chrome://gpu or about:support; without a GPU, Chromium renders in software under " +
  "--use-gl=angle --use-angle=swiftshader --enable-unsafe-swiftshader";

/**
 * A gpu.js instance on what this machine has. "cpu" is never chosen, only asked for: gpu.js would take it in silence.
 * @throws BackendError if there is no graphics context, ArgumentError for another mode.
 */
export async function open(asked: Mode | undefined): Promise<Opened> {
  if (asked !== undefined && !modes.includes(asked)) {
    throw new ArgumentError("gpu", `mode must be one of ${modes.join(", ")}, got "${asked}"`);
  }
  const { GPU: Gpu } = await import("gpu.js");
  if (asked === "cpu") return { gpu: new Gpu({ mode: "cpu" }), mode: "cpu" };
  const available: Readonly<Record<Exclude<Mode, "cpu">, boolean>> = {
    webgl2: Gpu.isWebGL2Supported,
    webgl: Gpu.isWebGLSupported && Gpu.isSinglePrecisionSupported,
    headlessgl: Gpu.isHeadlessGLSupported,
  };
  const candidates = asked ? [asked] : (["webgl2", "webgl", "headlessgl"] as const);
  const mode = candidates.find((name) => available[name]);
  if (!mode) throw new BackendError("gpu", typeof document === "undefined" && !("OffscreenCanvas" in globalThis) ? IN_NODE : IN_BROWSER);
  return { gpu: new Gpu({ mode }), mode };
}
