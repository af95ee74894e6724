import { existsSync } from "node:fs";
import { join } from "node:path";
import { stopKinds } from "@lodo/optim";
import { z } from "zod";
import { choiceOf, describeChoice } from "../backends/choice.ts";
import type { RunConfiguration } from "../run/configuration.ts";
import { fileNames, readConfiguration } from "../run/folder.ts";
import type { Summary } from "../run/tally.ts";
import { natural } from "../savedValue.ts";
import { readShaped } from "./folder.ts";
import { formatCount, formatNumber } from "./format.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page.ts";
import { runFigures } from "./runFigures.ts";
import { metric, readJudgements, readRecords, type SavedMetric } from "./runLines.ts";
import { speedLine } from "./speed.ts";

const environment = z.record(z.string(), z.string());
/** As a run writes it. */
interface SavedSummary extends Pick<Summary, "evaluations" | "meanTailLoss" | "finalLoss" | "diverged" | "stopped"> {
  readonly metrics?: readonly SavedMetric[];
}
const summary: z.ZodType<SavedSummary> = z.object({
  evaluations: natural,
  meanTailLoss: z.number().nullable(),
  finalLoss: z.number().nullable(),
  diverged: natural.nullable(),
  stopped: z.object({ kind: z.enum(stopKinds), detail: z.string() }).nullable(),
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
  const judged = join(path, fileNames.judgements);
  const figures = await runFigures(configuration, records, existsSync(judged) ? readJudgements(judged) : []);
  const outcome = existsSync(join(path, fileNames.summary)) ? readShaped(join(path, fileNames.summary), summary) : null;
  return page({
    title: `${optimizer} on ${task}`,
    lead: `${formatCount(steps)} steps, seed ${seed}${configuration.data ? `, on ${configuration.data.name}` : ""}`,
    sections: [html`${outcomeSection(outcome, steps)}${speedLine(path)}`, ...figures, settingsSection(configuration)],
    environment: {
      ...readShaped(join(path, fileNames.environment), environment),
      backend: describeChoice(choiceOf(configuration)),
    },
  });
}

function outcomeSection(outcome: SavedSummary | null, steps: number): Html {
  if (outcome === null)
    return html`<p class="verdict fails"><strong>Not finished.</strong> The run was cut off; lodo run --resume goes on with it.</p>`;
  const { diverged, stopped, evaluations, meanTailLoss, finalLoss } = outcome;
  if (diverged !== null)
    return html`<p class="verdict fails"><strong>Diverged.</strong> Evaluation ${formatCount(diverged)} of ${formatCount(steps)} gave a loss that is not finite.</p>`;
  const tail = meanTailLoss === null ? null : html` Mean loss over the last tenth: ${formatNumber(meanTailLoss)}.`;
  const final = finalLoss === null ? null : html` Last loss: ${formatNumber(finalLoss)}.`;
  const failed = stopped !== null && stopped.kind !== "converged";
  const end =
    stopped === null ? html`<strong>Finished.</strong>` : html`<strong>${failed ? "Stopped" : "Converged"}.</strong> ${stopped.detail}.`;
  const done = html`${formatCount(evaluations)} of ${formatCount(steps)} evaluations.${tail}${final}`;
  return html`<p class="verdict ${failed ? "fails" : "holds"}">${end} ${done}</p>${(outcome.metrics ?? []).map(metricLine)}`;
}

function metricLine({ name, mean, standardError, examples }: SavedMetric): Html {
  if (mean === null) return html`<p>${name}: not finite, over ${formatCount(examples)} examples.</p>`;
  if (standardError === 0) return html`<p>${name}: ${formatNumber(mean)}, the mean over all ${formatCount(examples)} examples.</p>`;
  const error = standardError === null ? "not finite" : formatNumber(standardError);
  return html`<p>${name}: ${formatNumber(mean)} ± ${error}, mean and standard error over ${formatCount(examples)} drawn examples.</p>`;
}

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
