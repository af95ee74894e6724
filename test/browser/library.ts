/** What is bundled for the browser: the packages, and of the experiments what a page can use. */

export * as gpu from "@lodo/gpu";
export * as kernels from "@lodo/kernels";
export * as optim from "@lodo/optim";
export * as preconditioner from "@lodo/preconditioner";
export * as tensor from "@lodo/tensor";
export * as testkit from "@lodo/testkit";
export * as simulation from "../../packages/experiments/src/simulation.ts";
