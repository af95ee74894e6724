import { byAutodiff } from "../contenders/imageNetwork/autodiff.ts";
import { byBareKernels } from "../contenders/imageNetwork/bareKernels.ts";
import { inJax } from "../contenders/imageNetwork/jax.ts";
import { imageProblem, PAPER, SMALL } from "../contenders/imageNetwork/problem.ts";
import { inTensorFlow } from "../contenders/imageNetwork/tensorFlow.ts";
import { assemble, type Entry } from "../workload.ts";

/** Images computed at a time where a batch is computed in pieces. */
const PIECE = 8;

/**
 * A path through the network is a sum of at most 120 terms in each of 62 layers, and as many on the way back: to first order, 2·62·120 roundings by
 * ε = 2⁻²⁴, and twice that between two contenders.
 */
const TOLERANCE = 2 * 2 * 62 * 120 * 2 ** -24;

/** The loss of the network of Section 5.3 and its gradient. */
export function imageNetworkEntry(batch: number): Entry {
  const name = `image network, batch ${batch}`;
  return {
    family: "image network",
    name,
    async open(size) {
      const problem = imageProblem(size === "quick" ? SMALL : { batch, ...PAPER });
      return {
        name,
        work: problem.labels.length,
        unit: "images/s",
        tolerance: TOLERANCE,
        contenders: await assemble([
          ["simd, autodiff", () => byAutodiff("simd", problem)],
          ["simd, autodiff, in pieces", () => byAutodiff("simd", problem, { piece: PIECE })],
          ["simd, 2 threads, autodiff, in pieces", () => byAutodiff("simd, 2 threads", problem, { piece: PIECE })],
          ["simd, bare kernels", () => byBareKernels("simd", problem)],
          ["simd, bare kernels, in pieces", () => byBareKernels("simd", problem, { piece: PIECE })],
          ...(size === "quick" ? [["reference, autodiff", () => byAutodiff("reference", problem)] as const] : []),
          ["tfjs wasm", () => inTensorFlow(problem)],
          ["jax-js", () => inJax(problem)],
        ]),
      };
    },
  };
}
