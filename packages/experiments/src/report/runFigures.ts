import { groupBy } from "../groupBy.ts";
import type { Curve } from "../plots/bands.ts";
import { learningCurves } from "../plots/learningCurves.ts";
import { renderSvg } from "../plots/svg.ts";
import type { RunConfiguration } from "../run/configuration.ts";
import type { RunRecord } from "../run/files.ts";
import { windowEnds } from "../windows.ts";
import { formatCount, formatNumber } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import { figure } from "./page.ts";
import type { SavedJudgement } from "./runLines.ts";

/** Points a curve has room for. */
const room = 1000;

/** The losses of a run, with those by examples that it was not trained on, and a chart for each other thing that x was judged by on its way. */
export async function runFigures(
  { optimizer, recordEvery }: Pick<RunConfiguration, "optimizer" | "recordEvery">,
  records: readonly RunRecord[],
  judgements: readonly SavedJudgement[],
): Promise<readonly Html[]> {
  const judged = judgedCurves(judgements);
  const isLoss = ({ series }: Curve): boolean => series.endsWith("loss");
  const held = judged.filter(isLoss);
  const training = { series: held.length === 0 ? optimizer : "training loss", points: lossPoints(records) };
  const beside = held.length === 0 ? "" : ` Beside it ${words(held)}, whenever x was judged by examples that it was not trained on.`;
  const caption = html`Loss at the recorded evaluations (logarithmic where every loss is positive); every ${formatCount(recordEvery)}th is on record.${beside}`;
  const alt = [describeLosses(records), ...held.map(describeJudged)].join(" ");
  return Promise.all([
    drawn([training, ...held], "loss", caption, alt),
    ...judged
      .filter((curve) => !isLoss(curve))
      .map((curve) =>
        drawn(
          [curve],
          curve.series,
          html`The ${curve.series}, whenever x was judged by examples that it was not trained on.`,
          describeJudged(curve),
        ),
      ),
  ]);
}

const words = (curves: readonly Curve[]): string => curves.map(({ series }) => `the ${series}`).join(" and ");

async function drawn(curves: readonly Curve[], title: string, caption: Html, alt: string): Promise<Html> {
  const scale = title === "loss" && curves.every(({ points }) => points.every(({ y }) => y > 0)) ? "log" : "linear";
  const spec = learningCurves({ curves, x: { title: "loss evaluations" }, y: { title, scale }, legend: curves.length > 1 });
  return figure(trusted(await renderSvg(spec, alt)), caption, alt);
}

function lossPoints(records: readonly RunRecord[]): Curve["points"] {
  const shown = windowEnds(records.length, records.length > room ? { spacing: "linear", count: room } : { spacing: "each" });
  return shown.flatMap((end) => {
    const { evaluation, loss } = records[end - 1] as RunRecord;
    return loss === null ? [] : [{ x: evaluation, y: loss }];
  });
}

/** A curve for each name, of what is finite. */
function judgedCurves(judgements: readonly SavedJudgement[]): readonly Curve[] {
  const all = judgements.flatMap(({ evaluation, metrics }) =>
    metrics.flatMap(({ name, mean }) => (mean === null ? [] : [{ name, x: evaluation, y: mean }])),
  );
  return groupBy(all, ({ name }) => name).map((points) => ({
    series: points[0]?.name ?? "",
    points: points.map(({ x, y }) => ({ x, y })),
  }));
}

function describeLosses(records: readonly RunRecord[]): string {
  const losses = records.flatMap(({ loss }) => (loss === null ? [] : [loss]));
  if (losses.length === 0) return "An empty chart: no loss is on record.";
  const [first, last] = [losses[0] as number, losses.at(-1) as number];
  return `Line chart of the loss, from ${formatNumber(first)} at the first recorded evaluation to ${formatNumber(last)} at the last.`;
}

function describeJudged({ series, points }: Curve): string {
  const [first, last] = [points[0], points.at(-1)] as [Curve["points"][number], Curve["points"][number]];
  return `The ${series} goes from ${formatNumber(first.y)} after ${formatCount(first.x)} evaluations to ${formatNumber(last.y)} after ${formatCount(last.x)}.`;
}
