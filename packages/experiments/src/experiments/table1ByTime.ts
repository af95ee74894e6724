import { earlyEnds } from "./earlyEnds.ts";
import { defineExperiment, type Preset, type RegisteredExperiment } from "./experiment.ts";
import { figure2ByTime } from "./figure2ByTime.ts";
import { shareNotes, speeds } from "./speeds.ts";
import { lostRuns, standing, table1Details, table1Notes, table1Rows } from "./table1Findings.ts";
import { table1Runs } from "./table1Runs.ts";
import { runTrialByTime, type TimedResult, type TimedTrial } from "./trialByTime.ts";
import { trialSettings } from "./trialSettings.ts";

/** Table 1's other column: every optimizer for the same time. */
export function table1ByTime(seconds: number): RegisteredExperiment {
  const column = `${seconds} s`;
  const jobs = (which: Pick<Preset, "seeds" | "hyperparameters">): readonly TimedTrial[] =>
    table1Runs(which, column).map((run) => ({ ...run, evaluations: 0, seconds }));
  return defineExperiment<TimedTrial, TimedResult>({
    id: "table-1-by-time",
    title: "The noisy quadratic bowl, by the clock",
    summary: "losses on the noisy quadratic bowl after the same time",
    reference: "Section 5.1, Appendices F.1 and H, Table 1, Figure 2",
    claim: "In the same time, too, LODO tracks the wandering minimum more accurately than every optimizer that is not told the Hessian.",
    presets: { quick: { steps: 0, seconds, seeds: 3 }, paper: { steps: 0, seconds, seeds: 8 } },
    jobs,
    run: (job, context) => runTrialByTime(job, context),
    rows: table1Rows,
    details: (rows, runs) => [...table1Details(rows, []), ...speeds(rows, runs)],
    verdict(rows) {
      const { holds, words } = standing(rows);
      return { holds, words: `${words}.` };
    },
    notes: (_, runs) => [
      "Measured by the clock: these numbers differ from run to run and from machine to machine, and are no others than of the machine named below.",
      `Every run has ${seconds} s from its first step on, alone on the machine as far as lodo is concerned: the draws of the loss, forward and ` +
        "backward passes and the optimizer count, and so does the engine's warm-up (JIT compilation); setting up the problem and the optimizer " +
        "does not. No metrics are evaluated.",
      "The score is the mean loss over evaluations i with 0.9 N < i < N, where N evaluations ended in time. The paper has 300 s, on another machine.",
      ...shareNotes(runs),
      ...table1Notes,
      ...lostRuns(runs),
      ...earlyEnds(runs),
    ],
    settings: (preset) => trialSettings(jobs({ ...preset, seeds: 1 }), [column]),
    figures: [figure2ByTime],
  });
}
