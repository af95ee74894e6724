import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { choiceOf, describeChoice } from "../backends/choice.ts";
import { readText } from "../files.ts";
import { learningCurves } from "../plots/learningCurves.ts";
import { renderSvg } from "../plots/svg.ts";
import type { RunConfiguration } from "../run/configuration.ts";
import type { RunRecord } from "../run/files.ts";
import { fileNames, readConfiguration } from "../run/folder.ts";
import type { Summary } from "../run/tally.ts";
import type { Metric } from "../tasks/task.ts";
import { windowEnds } from "../windows.ts";
import { ReportFolderError } from "./errors.ts";
import { readShaped } from "./folder.ts";
import { formatCount, formatNumber } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import { figure, page } from "./page.ts";
import { speedLine } from "./speed.ts";

const natural = z.number().int().nonnegative();
const record: z.ZodType<RunRecord> = z.strictObject({ evaluation: natural, loss: z.number().nullable() });
const environment = z.record(z.string(), z.string());
const metric: z.ZodType<Metric> = z.object({
  name: z.string(),
  mean: z.number(),
  standardError: z.number(),
  examples: natural,
});
const summary: z.ZodType<Pick<Summary, "evaluations" | "meanTailLoss" | "finalLoss" | "diverged" | "metrics">> = z.object({
  evaluations: natural,
  meanTailLoss: z.number().nullable(),
  finalLoss: z.number().nullable(),
  diverged: natural.nullable(),
  metrics: z.array(metric).exactOptional(),
});

/**
 * The page of a run's folder: its configuration, losses and outcome, if it has come to its end.
 * @throws RunFolderError or ReportFolderError if the folder does not hold what it should.
 */
export async function savedRunPage(path: string): Promise<string> {
  const configuration = readConfiguration(path);
  const { task, optimizer, steps, seed } = configuration;
  const records = readRecords(join(path, fileNames.records));
  const svg = await renderSvg(lossCurve(configuration, records), altText(records));
  const outcome = existsSync(join(path, fileNames.summary)) ? readShaped(join(path, fileNames.summary), summary) : null;
  const caption = html`Loss at the recorded evaluations (logarithmic where every loss is positive); every ${formatCount(configuration.recordEvery)}th is on record.`;
  return page({
    title: `${optimizer} on ${task}`,
    lead: `${formatCount(steps)} steps, seed ${seed}${configuration.data ? `, on ${configuration.data.name}` : ""}`,
    sections: [
      html`${outcomeSection(outcome, steps)}${speedLine(path)}`,
      figure(trusted(svg), caption, altText(records)),
      settingsSection(configuration),
    ],
    environment: {
      ...readShaped(join(path, fileNames.environment), environment),
      backend: describeChoice(choiceOf(configuration)),
    },
  });
}

/** Records, the last of which may have been cut off. */
function readRecords(file: string): readonly RunRecord[] {
  const lines = readText(ReportFolderError, file).split("\n").slice(0, -1);
  return lines.map((line, i) => {
    const parsed = record.safeParse(parse(line));
    if (!parsed.success)
      throw new ReportFolderError(`expected { evaluation, loss } in line ${i + 1} of ${file}, found ${line.slice(0, 60)}`);
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

/** Points a curve has room for. */
const room = 1000;

function lossCurve({ optimizer }: RunConfiguration, records: readonly RunRecord[]): ReturnType<typeof learningCurves> {
  const shown = windowEnds(records.length, records.length > room ? { spacing: "linear", count: room } : { spacing: "each" });
  const points = shown.flatMap((end) => {
    const { evaluation, loss } = records[end - 1] as RunRecord;
    return loss === null ? [] : [{ x: evaluation, y: loss }];
  });
  const scale = points.every(({ y }) => y > 0) ? "log" : "linear";
  return learningCurves({
    curves: [{ series: optimizer, points }],
    x: { title: "loss evaluations" },
    y: { title: "loss", scale },
    legend: false,
  });
}

function altText(records: readonly RunRecord[]): string {
  const losses = records.flatMap(({ loss }) => (loss === null ? [] : [loss]));
  if (losses.length === 0) return "An empty chart: no loss is on record.";
  const [first, last] = [losses[0] as number, losses.at(-1) as number];
  return `Line chart of the loss, from ${formatNumber(first)} at the first recorded evaluation to ${formatNumber(last)} at the last.`;
}

function outcomeSection(outcome: z.infer<typeof summary> | null, steps: number): Html {
  if (outcome === null)
    return html`<p class="verdict fails"><strong>Not finished.</strong> The run was cut off; lodo run --resume goes on with it.</p>`;
  const { diverged, evaluations, meanTailLoss, finalLoss } = outcome;
  if (diverged !== null)
    return html`<p class="verdict fails"><strong>Diverged.</strong> Evaluation ${formatCount(diverged)} of ${formatCount(steps)} gave a loss that is not finite.</p>`;
  const tail = meanTailLoss === null ? null : html` Mean loss over the last tenth: ${formatNumber(meanTailLoss)}.`;
  const final = finalLoss === null ? null : html` Last loss: ${formatNumber(finalLoss)}.`;
  return html`<p class="verdict holds"><strong>Finished.</strong> ${formatCount(evaluations)} of ${formatCount(steps)} evaluations.${tail}${final}</p>${(outcome.metrics ?? []).map(metricLine)}`;
}

const metricLine = ({ name, mean, standardError, examples }: Metric): Html =>
  standardError === 0
    ? html`<p>${name}: ${formatNumber(mean)}, the mean over all ${formatCount(examples)} examples.</p>`
    : html`<p>${name}: ${formatNumber(mean)} ± ${formatNumber(standardError)}, mean and standard error over ${formatCount(examples)} drawn examples.</p>`;

function settingsSection({ taskOptions, hyperparameters }: RunConfiguration): Html {
  const line =
    (owner: string) =>
    ([key, value]: [string, number | string]): Html =>
      html`<tr><th scope="row">${owner}</th><td><code>${key}</code></td><td class="number">${value}</td></tr>`;
  return html`<h3>Settings</h3>
<div class="scroll"><table><thead><tr><th scope="col">Of</th><th scope="col">Option</th><th scope="col" class="number">Value</th></tr></thead>
<tbody>${Object.entries(hyperparameters).map(line("optimizer"))}${Object.entries(taskOptions).map(line("task"))}</tbody></table></div>
`;
}
