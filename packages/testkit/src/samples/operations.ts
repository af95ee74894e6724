import type { Operation } from "../sample.ts";
import { chainOperation } from "./chain.ts";
import { lstmOperation } from "./lstm.ts";
import { residualChainOperation } from "./residualChain.ts";
import { tensorOperations } from "./tensorOperations.ts";

/** Every operation with samples: those of the tensor package, and the fused ones of the packages above it. */
export const operations: readonly Operation[] = [...tensorOperations, chainOperation, residualChainOperation, lstmOperation];
