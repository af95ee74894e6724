import { formatCount } from "../../../report/format.ts";
import type { Metric } from "../../../tasks/task.ts";
import { earlyEnds } from "../../earlyEnds.ts";
import type { Detail, Run, Verdict } from "../../experiment.ts";
import { measuredOn, metricOf } from "../../images/imageRun.ts";
import { type Row, summarize, tabulate } from "../../row.ts";
import { type ImageData, titleOf } from "../comparison.ts";
import { methods, type QuasiNewtonResult, type QuasiNewtonTrial, rateColumn, withoutRate } from "./trials.ts";

export type QuasiNewtonRun = Run<QuasiNewtonTrial, QuasiNewtonResult>;
type Runs = readonly QuasiNewtonRun[];

export const quasiNewtonRows = (runs: Runs): readonly Row[] =>
  tabulate(
    runs.map(({ job: { name, column }, result: { score } }) => ({ name, column, score })),
    () => null,
  );

const testLoss = ({ result }: QuasiNewtonRun): Metric | undefined => metricOf(result, "test loss");

/** Of how many standard errors the test loss of pixels drawn has to lie below. */
const margin = 2;

/** Whether the last x is better than any answer that is always the same: its test loss is below the entropy of a pixel, by more than drawing may do. */
export function converged(run: QuasiNewtonRun): boolean {
  const loss = testLoss(run);
  return run.result.score !== null && loss !== undefined && loss.mean + margin * loss.standardError < run.result.entropy;
}

const runsOf = (runs: Runs, { name, column }: Pick<Row, "name" | "column">): Runs =>
  runs.filter(({ job }) => job.name === name && job.column === column);

const meanOrNone = (values: readonly number[], digits: number): string => summarize(values).mean?.toPrecision(digits) ?? "–";

const greatest = (losses: readonly number[]): string => (losses.length === 0 ? "–" : Math.max(...losses).toPrecision(3));

/** Training loss on draws that are new, test loss, how sure it is, the worst on the way, and how many runs converged. */
export function quasiNewtonDetails(rows: readonly Row[], runs: Runs): readonly Detail[] {
  const cells = (of: (own: Runs) => string): readonly string[] => rows.map((row) => of(runsOf(runs, row)));
  return [
    {
      title: "at first sight",
      cells: cells((own) =>
        meanOrNone(
          own.flatMap(({ result: { score, firstSight } }) => (score === null ? [] : (firstSight ?? score))),
          4,
        ),
      ),
    },
    {
      title: "test loss",
      cells: cells((own) =>
        meanOrNone(
          own.flatMap((run) => testLoss(run)?.mean ?? []),
          4,
        ),
      ),
    },
    {
      title: "standard error",
      cells: cells((own) =>
        meanOrNone(
          own.flatMap((run) => testLoss(run)?.standardError ?? []),
          2,
        ),
      ),
    },
    {
      title: "greatest on the way",
      cells: cells((own) => greatest(own.flatMap(({ result }) => (result.curve ?? []).map(({ loss }) => loss)))),
    },
    { title: "converged", cells: cells((own) => `${own.filter(converged).length} of ${own.length}`) },
  ];
}

/** The rate at which a method's test loss is least; null where none of its runs came to its end. */
export function bestRate(runs: Runs, method: string): { readonly rate: number; readonly loss: number } | null {
  const own = runs.filter(({ job }) => job.name === method);
  const tried = [...new Set(own.flatMap(({ job }) => job.rate ?? []))].flatMap((rate) => {
    const at = own.filter(({ job }) => job.rate === rate);
    const losses = at.flatMap((run) => (run.result.score === null ? [] : (testLoss(run)?.mean ?? [])));
    const { mean } = summarize(losses);
    return mean === null || losses.length < at.length ? [] : [{ rate, loss: mean }];
  });
  return tried.reduce<(typeof tried)[number] | null>((best, each) => (best === null || each.loss < best.loss ? each : best), null);
}

/** Does LODO converge, and no quasi-Newton method at any rate? */
export function quasiNewtonVerdict(runs: Runs): Verdict {
  const [entropy, lodo] = [runs[0]?.result.entropy, runs.filter(({ job }) => job.name === "lodo")];
  const lodosLoss = summarize(lodo.flatMap((run) => testLoss(run)?.mean ?? [])).mean;
  if (entropy === undefined || lodosLoss === null || runs.length === lodo.length)
    return { holds: false, words: "lodo has no result, or no quasi-Newton method has." };
  const found = methods.filter((name) => runs.some((run) => run.job.name === name && converged(run)));
  const bests = methods.map((name) => {
    const best = bestRate(runs, name);
    return best === null ? `${name} at none` : `${name} with ${best.loss.toPrecision(4)} at ${rateColumn(best.rate)}`;
  });
  const lodoConverged = lodo.every(converged);
  return {
    holds: lodoConverged && found.length === 0,
    words:
      `to converge is taken as a test loss below the ${entropy.toPrecision(4)} nats of a test pixel's entropy by more than ${margin} standard errors. ` +
      `lodo, with ${lodosLoss.toPrecision(4)}, ${lodoConverged ? "has converged" : "has not in so few steps, in which others need not have either"}; ` +
      `${found.length === 0 ? "no quasi-Newton method has" : `${found.join(" and ")} ${found.length === 1 ? "has" : "have"}`}. At their best rates: ${bests.join(", ")}.`,
  };
}

const n = 94_696;
const bytes = 4;

export function quasiNewtonNotes(data: ImageData, runs: Runs): readonly string[] {
  const entropy = runs[0]?.result.entropy;
  return [
    ...measuredOn(runs),
    `Losses are in nats a pixel. Ours is the training loss on ${titleOf(data)}, the mean over evaluations i with 0.9 T < i < T; the test loss is that of the ` +
      "last x. A quasi-Newton step is two evaluations on one draw, before and after it; both count, as in the paper. At first sight is the mean over those before " +
      "the step alone, on draws that are new, as LODO's all are.",
    `Who takes all 256 levels for alike loses ln 256 = 5.545; who always gives the share that each level has among the test pixels loses their entropy` +
      `${entropy === undefined ? "" : `, ${entropy.toPrecision(4)}`}, on these, and no answer that is always the same loses less. Below that something has been learned of the images.`,
    "Greatest on the way is of means over windows of equal ratio in steps, as in the figure.",
    "Table 6 has no rates for these methods here: η₀ goes over decades, all else is at its default. The paper's forms have no curvature guard; the corrected " +
      "ones, which the paper did not run, skip pairs of no positive curvature.",
    `BFGS is not run: its dense H has ${formatCount(n)}² entries, ${((n * n * bytes) / 2 ** 30).toFixed(1)} GiB in float32, and its update as much again.`,
    `The paper's finding is of its own runs, ${formatCount(300_000)} steps of 256 pixels. A few hundred steps of few pixels show who fails at once, and not who would later.`,
    `LODO has ${withoutRate}: its row is at the values tuned for this task.`,
    ...earlyEnds(runs),
  ];
}
