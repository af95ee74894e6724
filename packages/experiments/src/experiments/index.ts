import { equalTuning } from "./equalTuning/equalTuning.ts";
import type { RegisteredExperiment } from "./experiment.ts";
import { imageTable4 } from "./imageClassification/table4.ts";
import { imageQuasiNewton } from "./imageGeneration/quasiNewton/quasiNewton.ts";
import { imageTable2 } from "./imageGeneration/table2.ts";
import { imageTable3 } from "./imageGeneration/table3.ts";
import { longRun } from "./longRun/longRun.ts";
import { pretrainedFrozen } from "./pretrainedFrozen/pretrainedFrozen.ts";
import { bowlSweeps, imageSweeps } from "./sweeps/sweeps.ts";
import { table1 } from "./table1.ts";
import { table7 } from "./table7.ts";
import { table8 } from "./table8.ts";
import { testProblems } from "./testProblems/testProblems.ts";

/** Every experiment that needs no data. A line here puts its table and figures on the command line. */
export const experiments: readonly RegisteredExperiment[] = [
  table1,
  table7,
  pretrainedFrozen,
  ...bowlSweeps,
  longRun,
  table8,
  testProblems,
];

/** Those that need data, and run only where they are asked for by name. */
export const dataExperiments: readonly RegisteredExperiment[] = [
  ...[imageTable2, imageQuasiNewton, imageTable3].flatMap((of) => [of("mnist"), of("fashion-mnist")]),
  imageTable4,
  ...imageSweeps("mnist"),
  ...imageSweeps("fashion-mnist"),
  equalTuning,
];

/** What `lodo reproduce` runs unless told otherwise: fixed, so that its time stays fixed. */
export const headline: readonly string[] = ["table-1", "table-8"];
