import { tunedValues } from "../tunedValues.ts";
import { defineExperiment, type Preset, type RegisteredExperiment, type Run, type Setting } from "./experiment.ts";
import { figure8 } from "./figure8.ts";
import { lastInverseErrors } from "./lastInverseError.ts";
import { type Row, tabulate } from "./row.ts";
import { noiseVariances, rescaledDetail, table7Notes, table7Verdict, varianceColumn } from "./table7Findings.ts";
import { runTrial, type Trial, type TrialResult } from "./trial.ts";
import { trialSettings } from "./trialSettings.ts";

const task = "noisy-quadratic-bowl";

const optimizerNames = ["lodo", "adam", "momentum", "rmsprop", "yogi", "l-bfgs", "o-lbfgs", "newton"] as const;

/** The same seeds at every variance, so that an optimizer meets the same noise but for its scale. */
const jobs = ({ steps, seeds, hyperparameters }: Preset): readonly Trial[] =>
  Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
    noiseVariances.flatMap((variance) =>
      optimizerNames.map((name) => ({
        name,
        column: varianceColumn(variance),
        seed,
        evaluations: steps,
        task,
        taskValues: { noise: Math.sqrt(variance) },
        values: tunedValues(task, name, hyperparameters),
        record: name === "lodo" ? { inverseError: { spacing: "linear", count: 1 } as const } : {},
      })),
    ),
  );

const rows = (runs: readonly Run<Trial, TrialResult>[]): readonly Row[] =>
  tabulate(
    runs.map(({ job: { name, column }, result: { score } }) => ({ name, column, score })),
    () => null,
  );

/** Table 7 with Figure 8: the noisy quadratic bowl at other noise, at the values of Table 6, which were tuned for variance 1. */
export const table7: RegisteredExperiment = defineExperiment<Trial, TrialResult>({
  id: "table-7",
  title: "The noisy quadratic bowl at other noise variances",
  summary: "losses on the noisy quadratic bowl at noise variances from 0.01 to 100",
  reference: "Section 5.1, Appendix F.1, Table 7, Figure 8",
  claim: "LODO's training loss divided by the noise variance does not depend on that variance, where those of RMSprop, Yogi and Adam do.",
  columnsAre: "variance",
  presets: { quick: { steps: 5000, seeds: 2 }, paper: { steps: 100_000, seeds: 8 } },
  jobs,
  run: runTrial,
  rows,
  details: (rows, runs) => [rescaledDetail(rows), lastInverseErrors(rows, runs)],
  verdict: table7Verdict,
  notes: table7Notes,
  settings: (preset): readonly Setting[] => trialSettings(jobs({ ...preset, seeds: 1 }), [varianceColumn(1)]),
  figures: [figure8],
});
