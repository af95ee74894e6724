import { z } from "zod";
import { readText } from "../files.ts";
import type { RunRecord } from "../run/files.ts";
import { natural } from "../savedValue.ts";
import type { Metric } from "../tasks/task.ts";
import { ReportFolderError } from "./errors.ts";

/** As a run writes it: a mean or an error that is not finite is null. */
export interface SavedMetric extends Omit<Metric, "mean" | "standardError"> {
  readonly mean: number | null;
  readonly standardError: number | null;
}

export const metric: z.ZodType<SavedMetric> = z.object({
  name: z.string(),
  mean: z.number().nullable(),
  standardError: z.number().nullable(),
  examples: natural,
});

/** What x was judged to be. */
export interface SavedJudgement {
  readonly evaluation: number;
  readonly metrics: readonly SavedMetric[];
}

const record: z.ZodType<RunRecord> = z.strictObject({ evaluation: natural, loss: z.number().nullable() });
const judgement: z.ZodType<SavedJudgement> = z.strictObject({
  evaluation: natural,
  metrics: z.array(metric),
});

/** Losses on record. @throws ReportFolderError if the file cannot be read or has other lines. */
export const readRecords = (file: string): readonly RunRecord[] => readLines(file, record, "{ evaluation, loss }");

/** What x was judged to be on its way. @throws ReportFolderError likewise. */
export const readJudgements = (file: string): readonly SavedJudgement[] => readLines(file, judgement, "{ evaluation, metrics }");

/** Lines, the last of which may have been cut off. */
function readLines<T>(file: string, schema: z.ZodType<T>, expected: string): readonly T[] {
  const lines = readText(ReportFolderError, file).split("\n").slice(0, -1);
  return lines.map((line, i) => {
    const parsed = schema.safeParse(parse(line));
    if (!parsed.success) throw new ReportFolderError(`expected ${expected} in line ${i + 1} of ${file}, found ${line.slice(0, 60)}`);
    return parsed.data;
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
