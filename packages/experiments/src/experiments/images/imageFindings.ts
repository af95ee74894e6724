import { earlyEnds } from "../earlyEnds.ts";
import type { Preset, Setting } from "../experiment.ts";
import { type Row, tabulate } from "../row.ts";
import { type ImageRun, measuredOn, scoresOf } from "./imageRun.ts";
import type { ImageTable } from "./imageTable.ts";
import { valueSettings } from "./values.ts";

/** A row for each optimizer in each column. */
export const imageRows = (table: ImageTable, runs: readonly ImageRun[]): readonly Row[] =>
  tabulate(scoresOf(table.columns, runs), table.paper(runs));

/** Which data the numbers are of, what the table has to say, and who ended early. */
export const imageNotes = (table: ImageTable, runs: readonly ImageRun[]): readonly string[] => [
  ...measuredOn(runs),
  ...table.notes(runs),
  ...earlyEnds(runs),
];

export const imageSettings = ({ trials, budget }: ImageTable, preset: Preset): readonly Setting[] => [
  ...valueSettings(trials.values, trials.names, preset.hyperparameters),
  { name: "all", value: budget(preset) },
];
