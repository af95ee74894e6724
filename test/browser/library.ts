/** What the browser is given: the packages as a page would bundle them. There this module is its own production build, minified. */

export * as gpu from "@lodo/gpu";
export * as kernels from "@lodo/kernels";
export * as optim from "@lodo/optim";
export * as preconditioner from "@lodo/preconditioner";
export * as tensor from "@lodo/tensor";
export * as testkit from "@lodo/testkit";
export * as simulation from "../../packages/experiments/src/simulation.ts";
export { noisyQuadraticBowl } from "../../packages/experiments/src/tasks/noisyQuadraticBowl.ts";
export { gpuCases } from "../../packages/gpu/test/cases.ts";
export * as network from "../../packages/gpu/test/network.ts";
