import { lodoStep } from "../contenders/imageNetwork/lodoStep.ts";
import { imageProblem, PAPER, SMALL } from "../contenders/imageNetwork/problem.ts";
import { assemble, type Entry } from "../workload.ts";

const name = "a step of LODO on the image network, batch 256";

/** What training costs at the paper's batch, and how much of it is LODO. Threads do not change a bit. */
export const imageStep: Entry = {
  family: name,
  name,
  async open(size) {
    const problem = imageProblem(size === "quick" ? SMALL : { batch: 256, ...PAPER });
    const [piece, alone] = [size === "quick" ? 2 : 8, true];
    return {
      name,
      work: problem.labels.length,
      unit: "images/s",
      tolerance: 0,
      contenders: await assemble([
        ["simd, step", () => lodoStep("simd", problem, { piece })],
        ["simd, loss and gradient", () => lodoStep("simd", problem, { piece, alone })],
        ["simd, 2 threads, step", () => lodoStep("simd, 2 threads", problem, { piece })],
        ["simd, 2 threads, loss and gradient", () => lodoStep("simd, 2 threads", problem, { piece, alone })],
      ]),
    };
  },
};
