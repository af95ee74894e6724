import type { RegisteredExperiment } from "./experiment.ts";
import { longRun } from "./longRun/longRun.ts";
import { pretrainedFrozen } from "./pretrainedFrozen/pretrainedFrozen.ts";
import { blockSizeAblation } from "./sweeps/blockSizeAblation.ts";
import { depthAblation } from "./sweeps/depthAblation.ts";
import { momentumSweep } from "./sweeps/momentumSweep.ts";
import { table1 } from "./table1.ts";
import { table7 } from "./table7.ts";
import { table8 } from "./table8.ts";
import { testProblems } from "./testProblems/testProblems.ts";

/** Every experiment. A line here puts its table and figures on the command line. */
export const experiments: readonly RegisteredExperiment[] = [
  table1,
  table7,
  pretrainedFrozen,
  depthAblation,
  blockSizeAblation,
  momentumSweep,
  longRun,
  table8,
  testProblems,
];

/** What `lodo reproduce` runs unless told otherwise: fixed, so that its time stays fixed. */
export const headline: readonly string[] = ["table-1", "table-8"];
