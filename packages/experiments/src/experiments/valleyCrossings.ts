import type { Run } from "./experiment.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** How often a path in the plane crosses the valley floor y = x². */
export function crossings(trajectory: readonly (readonly number[])[]): number {
  const sides = trajectory.map(([x = 0, y = 0]) => Math.sign(x * x - y)).filter((side) => side !== 0);
  return sides.filter((side, i) => i > 0 && side !== sides[i - 1]).length;
}

const ofRuns = (runs: readonly Run<Trial, TrialResult>[], name: string): readonly number[] =>
  runs.flatMap(({ job, result }) => (job.name === name && result.trajectory ? [crossings(result.trajectory)] : []));

/** Mean number of crossings over an optimizer's runs, to a whole number. */
export function valleyCrossings(runs: readonly Run<Trial, TrialResult>[], name: string): number {
  const counts = ofRuns(runs, name);
  return Math.round(counts.reduce((a, b) => a + b, 0) / Math.max(1, counts.length));
}

/** The fewest and most crossings over an optimizer's runs. */
export function crossingRange(runs: readonly Run<Trial, TrialResult>[], name: string): { readonly fewest: number; readonly words: string } {
  const counts = ofRuns(runs, name);
  if (counts.length === 0) return { fewest: 0, words: "an unknown number of" };
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return { fewest, words: fewest === most ? `${fewest}` : `${fewest} to ${most}` };
}
