import { tunedValues } from "../tunedValues.ts";
import { agreement } from "./agreement.ts";
import { defineExperiment, type Preset, type RegisteredExperiment, type Run, type Setting, type Verdict } from "./experiment.ts";
import { figure2 } from "./figure2.ts";
import { newtonsLoss } from "./newtonsLoss.ts";
import { type Estimate, type Row, tabulate } from "./row.ts";
import { runTrial, type Trial, type TrialResult } from "./trial.ts";
import { trialSettings } from "./trialSettings.ts";

const task = "noisy-quadratic-bowl";

const optimizerNames = ["lodo", "adam", "momentum", "rmsprop", "yogi", "newton"] as const;

/** The optimum holds at any number of steps; it is the one cell of Table 1 that is given here. */
const paperNumbers: Readonly<Record<string, Estimate>> = { newton: { mean: newtonsLoss, std: null } };

const columnOf = (steps: number): string => (steps % 1000 === 0 ? `${steps / 1000}k steps` : `${steps} steps`);

const jobs = ({ steps, seeds }: Preset): readonly Trial[] =>
  Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
    optimizerNames.map((name) => ({
      name,
      column: columnOf(steps),
      seed,
      evaluations: steps,
      task,
      taskValues: {},
      values: tunedValues(task, name),
      record: {
        curve: { spacing: "log", count: 120 } as const,
        ...(name === "lodo" ? { inverseError: { spacing: "log", count: 60 } as const } : {}),
      },
    })),
  );

/** Rows whose runs all diverged come last. */
const ranked = (rows: readonly Row[]): readonly Row[] =>
  [...rows].sort((a, b) => (a.mean ?? Number.POSITIVE_INFINITY) - (b.mean ?? Number.POSITIVE_INFINITY));

function verdict(rows: readonly Row[], runs: readonly Run<Trial, TrialResult>[]): Verdict {
  const newton = rows.find(({ name }) => name === "newton");
  const [first, second] = ranked(rows.filter(({ name }) => name !== "newton"));
  const newtonOff = newton && agreement(newton);
  const errors = runs.flatMap(({ result: { inverseError } }) => (inverseError ? [inverseError] : []));
  const meanAt = (i: number): number => errors.reduce((sum, points) => sum + (points.at(i)?.error ?? Number.NaN), 0) / errors.length;
  const decays = meanAt(-1) < meanAt(0);
  const holds = newtonOff != null && Math.abs(newtonOff.relative) <= 0.01 && first?.name === "lodo" && first.mean !== null && decays;
  const show = (row: Row | undefined): string => (row?.mean == null ? "no result" : `${row.mean.toPrecision(4)}`);
  return {
    holds,
    words:
      `behind Newton's method (${show(newton)}) comes ` +
      `${first?.name ?? "nobody"} with ${show(first)}, then ${second?.name ?? "nobody"} with ${show(second)}; LODO's inverse-Hessian error ` +
      `goes from ${meanAt(0).toPrecision(3)} to ${meanAt(-1).toPrecision(3)}.`,
  };
}

/** Table 1 with Figure 2: the noisy quadratic bowl, at the values of Table 6. */
export const table1: RegisteredExperiment = defineExperiment<Trial, TrialResult>({
  id: "table-1",
  title: "The noisy quadratic bowl",
  summary: "losses on the noisy quadratic bowl in the long run",
  reference: "Section 5.1, Appendix F.1, Table 1, Figure 2",
  claim:
    "LODO tracks the wandering minimum more accurately than every optimizer that is not told the Hessian, and the error of its inverse-Hessian estimate decays over time.",
  presets: { quick: { steps: 10_000, seeds: 3 }, paper: { steps: 100_000, seeds: 8 } },
  jobs,
  run: runTrial,
  rows: (runs) =>
    ranked(
      tabulate(
        runs.map(({ job: { name, column }, result: { score } }) => ({ name, column, score })),
        (name) => paperNumbers[name] ?? null,
      ),
    ),
  verdict,
  notes: (rows) => [
    `The score is the mean loss over evaluations i with 0.9 T < i < T. The optimum is ½ σ² tr H = ${newtonsLoss}: Newton's method jumps to the centre of the last evaluation, and the centre moves on.`,
    "The paper's other cells of Table 1 are not compared here: its claim about them is the order.",
    ...(rows.some(({ column }) => column !== columnOf(100_000))
      ? ["The paper runs 100 000 steps. With fewer LODO has learned less of the inverse Hessian; the paper preset runs them all."]
      : []),
  ],
  settings: (preset): readonly Setting[] => trialSettings(jobs({ ...preset, seeds: 1 }), [columnOf(preset.steps)]),
  figures: [figure2],
});
