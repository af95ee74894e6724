import type { RegisteredExperiment } from "./experiment.ts";
import { table1 } from "./table1.ts";
import { table8 } from "./table8.ts";

/** Every experiment. A line here puts its table and figures on the command line. */
export const experiments: readonly RegisteredExperiment[] = [table1, table8];

/** What `lodo reproduce` runs unless told otherwise: fixed, so that its time stays fixed. */
export const headline: readonly string[] = ["table-1", "table-8"];
