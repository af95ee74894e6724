import { earlyEnds } from "./earlyEnds.ts";
import { defineExperiment, type Preset, type RegisteredExperiment, type Setting } from "./experiment.ts";
import { figure2 } from "./figure2.ts";
import { newtonsLoss } from "./newtonsLoss.ts";
import { table1ByTime } from "./table1ByTime.ts";
import { lostRuns, table1Details, table1Notes, table1Rows, table1Verdict } from "./table1Findings.ts";
import { table1Runs } from "./table1Runs.ts";
import { runTrial, type Trial, type TrialResult } from "./trial.ts";
import { trialSettings } from "./trialSettings.ts";

const columnOf = (steps: number): string => (steps % 1000 === 0 ? `${steps / 1000}k steps` : `${steps} steps`);

const jobs = ({ steps, ...which }: Preset): readonly Trial[] =>
  table1Runs(which, columnOf(steps)).map((run) => ({
    ...run,
    evaluations: steps,
    record: {
      curve: { spacing: "log", count: 120 } as const,
      ...(run.name === "lodo" ? { inverseError: { spacing: "log", count: 60 } as const } : {}),
    },
  }));

/** Table 1 with Figure 2: the noisy quadratic bowl, at the values of Table 6. */
export const table1: RegisteredExperiment = defineExperiment<Trial, TrialResult>({
  id: "table-1",
  title: "The noisy quadratic bowl",
  summary: "losses on the noisy quadratic bowl in the long run",
  reference: "Section 5.1, Appendix F.1, Table 1, Figure 2",
  claim:
    "LODO tracks the wandering minimum more accurately than every optimizer that is not told the Hessian, and the error of its inverse-Hessian estimate decays over time.",
  presets: { quick: { steps: 20_000, seeds: 2 }, paper: { steps: 100_000, seeds: 8 } },
  jobs,
  run: runTrial,
  rows: table1Rows,
  details: table1Details,
  verdict: table1Verdict,
  notes: (rows, runs) => [
    `The score is the mean loss over evaluations i with 0.9 T < i < T. The optimum is ½ σ² tr H = ${newtonsLoss}: Newton's method jumps to the centre of the last evaluation, and the centre moves on.`,
    ...table1Notes,
    "At first sight is the mean over the evaluations that are the first of their draw, which all other methods' losses are: the fairer comparison.",
    ...(rows.some(({ column }) => column !== columnOf(100_000))
      ? ["The paper runs 100 000 steps. With fewer LODO has learned less of the inverse Hessian; the paper preset runs them all."]
      : []),
    ...lostRuns(runs),
    ...earlyEnds(runs),
  ],
  settings: (preset): readonly Setting[] => trialSettings(jobs({ ...preset, seeds: 1 }), [columnOf(preset.steps)]),
  figures: [figure2],
  byTime: table1ByTime,
});
