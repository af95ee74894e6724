import { z } from "zod";
import { backendIds } from "../backends/choice.ts";
import { type Detail, type Preset, type PresetName, presetNames, type Setting, type Verdict } from "../experiments/experiment.ts";
import type { Row } from "../experiments/row.ts";
import type { Failure } from "../experiments/work.ts";
import { natural } from "../savedValue.ts";
import type { Subject } from "./subject.ts";

/** What `lodo reproduce --json` prints of each id. */
export interface ReproducedTarget {
  readonly id: string;
  readonly preset: PresetName;
  readonly rows: readonly Row[];
  /** Paths, within the folder as it was named. */
  readonly artefacts: readonly string[];
}

/** The results of an experiment, as saved: all that its page shows. */
export interface SavedExperiment {
  readonly kind: "lodo-experiment";
  readonly id: string;
  readonly title: string;
  readonly reference: string;
  readonly claim: string;
  readonly preset: Preset & { readonly name: PresetName };
  readonly verdict: Verdict;
  readonly columnsAre?: string;
  readonly rows: readonly Row[];
  /** The table's further columns. */
  readonly details: readonly Detail[];
  /** How far each row is from the paper's, in words. */
  readonly remarks: readonly string[];
  readonly notes: readonly string[];
  readonly settings: readonly Setting[];
  readonly figures: readonly SavedFigure[];
  readonly failures: readonly Failure[];
}

export interface SavedFigure {
  readonly id: string;
  /** Beside the results. */
  readonly file: string;
  readonly caption: string;
  readonly alt: string;
}

/** What says that a folder is a report, of what, and which of its files are ours to replace. */
export interface Manifest extends Subject {
  readonly kind: "lodo-reproduction";
  /** Files of results. */
  readonly experiments: readonly string[];
  readonly files: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const valuesSource = z.enum(["paper", "ours"]);
const subject = {
  ids: z.array(z.string()),
  preset: z.enum(presetNames),
  seeds: natural.nullable().default(null),
  seconds: z.number().positive().nullable().default(null),
  hyperparameters: valuesSource.default("paper"),
  backend: z.enum(backendIds).exactOptional(),
  fastMath: z.boolean().exactOptional(),
  data: z.array(z.strictObject({ name: z.string(), digest: z.string() })).exactOptional(),
};
/** A file beside the one that names it. */
const fileName = z.string().regex(/^\w[\w.-]*$/, "expected the name of a file in the same folder");
const presetName = z.enum(presetNames);

const row: z.ZodType<Row> = z.strictObject({
  name: z.string(),
  column: z.string(),
  mean: z.number().nullable(),
  std: z.number().nonnegative().nullable(),
  n: natural,
  diverged: natural,
  paper: z.strictObject({ mean: z.number(), std: z.number().nullable() }).nullable(),
});

export const reproducedTargetsSchema: z.ZodType<readonly ReproducedTarget[]> = z.array(
  z.strictObject({ id: z.string(), preset: presetName, rows: z.array(row), artefacts: z.array(z.string()) }),
);

export const savedExperimentSchema: z.ZodType<SavedExperiment> = z.strictObject({
  kind: z.literal("lodo-experiment"),
  id: z.string(),
  title: z.string(),
  reference: z.string(),
  claim: z.string(),
  preset: z.strictObject({
    name: presetName,
    steps: natural,
    seeds: natural,
    seconds: z.number().positive().exactOptional(),
    hyperparameters: valuesSource.exactOptional(),
    batch: natural.exactOptional(),
    width: natural.exactOptional(),
    judgedBy: natural.exactOptional(),
  }),
  verdict: z.strictObject({ holds: z.boolean(), words: z.string() }),
  columnsAre: z.string().exactOptional(),
  rows: z.array(row),
  details: z.array(z.strictObject({ title: z.string(), cells: z.array(z.string()) })).default([]),
  remarks: z.array(z.string()),
  notes: z.array(z.string()),
  settings: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  figures: z.array(z.strictObject({ id: z.string(), file: fileName, caption: z.string(), alt: z.string() })),
  failures: z.array(z.strictObject({ job: z.string(), error: z.string() })),
});

export const manifestSchema: z.ZodType<Manifest> = z.strictObject({
  kind: z.literal("lodo-reproduction"),
  ...subject,
  experiments: z.array(fileName),
  files: z.array(fileName),
  environment: z.record(z.string(), z.string()),
});

/** What is being computed in a folder, and where it began to be. */
export const unfinishedSchema: z.ZodType<Subject & Pick<Manifest, "environment">> = z.strictObject({
  ...subject,
  environment: z.record(z.string(), z.string()),
});
