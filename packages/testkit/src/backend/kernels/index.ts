import type { KernelCases } from "../kernelCases.ts";
import { adamCases } from "./adam.ts";
import { chainCases } from "./chain.ts";
import { convolutionCases } from "./convolution.ts";
import { crossEntropyCases } from "./crossEntropy.ts";
import { elementwiseCases } from "./elementwise.ts";
import { gatherCases } from "./gather.ts";
import { layoutCases } from "./layout.ts";
import { matmulCases } from "./matmul.ts";
import { poolingCases } from "./pooling.ts";
import { reductionCases } from "./reductions.ts";
import { residualChainCases } from "./residualChain.ts";

/** Cases of every kernel that some backend provides, a family a file. */
export const kernelCases: readonly KernelCases[] = [
  ...adamCases,
  ...chainCases,
  ...residualChainCases,
  ...gatherCases,
  ...elementwiseCases,
  ...reductionCases,
  ...layoutCases,
  ...matmulCases,
  ...convolutionCases,
  ...poolingCases,
  ...crossEntropyCases,
];
