import { ourLodo, type Part } from "../contenders/lodo/ours.ts";
import { adamInJax, adamInTensorFlow, applyInJax, applyInTensorFlow } from "../contenders/lodo/peers.ts";
import { K, lodoSetting, N, type Setting } from "../contenders/lodo/setting.ts";
import { assemble, type Entry, type Maker } from "../workload.ts";

/** Through 2N layers that keep lengths, a sum of k products in each, and some operations around them: that many roundings by ε = 2⁻²⁴, on both sides. */
const TOLERANCE = 2 * (2 * N * (K + 1) + 16) * 2 ** -24;

const peers: Readonly<Record<Part, (s: Setting) => readonly Maker[]>> = {
  "G m": (s) => [
    ["tfjs wasm", () => applyInTensorFlow(s)],
    ["jax-js", () => applyInJax(s)],
  ],
  "G m and pull-back": () => [],
  "Adam on θ": (s) => [
    ["tfjs wasm", () => adamInTensorFlow(s)],
    ["jax-js", () => adamInJax(s)],
  ],
  step: () => [],
};

/** The parts of a step of LODO at dimension n, with the paper's depth and block size. */
export const lodoEntries = (n: number): readonly Entry[] =>
  (["G m", "G m and pull-back", "Adam on θ", "step"] as const).map((part) => entry(n, part));

function entry(n: number, part: Part): Entry {
  const name = `LODO n = ${n}, ${part}`;
  return {
    family: `LODO, ${part}`,
    name,
    async open(size) {
      const s = lodoSetting(size === "quick" ? 5 : n);
      return {
        name,
        work: 1,
        unit: "/s",
        tolerance: TOLERANCE,
        contenders: await assemble([
          ["simd float32", () => ourLodo("simd", "float32", part, s)],
          ["simd float64", () => ourLodo("simd", "float64", part, s)],
          ["reference float32", () => ourLodo("reference", "float32", part, s)],
          ["reference float64", () => ourLodo("reference", "float64", part, s)],
          ...peers[part](s),
        ]),
      };
    },
  };
}
