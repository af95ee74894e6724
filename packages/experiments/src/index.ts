export { type Advance, advance, begin, type Snapshot, type Streams, streams } from "./simulation.ts";
export { tasks } from "./tasks/index.ts";
export { type BowlState, type NoisyQuadraticBowl, noisyQuadraticBowl } from "./tasks/noisyQuadraticBowl.ts";
export { rosenbrock, rosenbrockFunction } from "./tasks/rosenbrock.ts";
export type { RegisteredTask } from "./tasks/task.ts";
export { table6, tunedValues, type Values } from "./tunedValues.ts";
