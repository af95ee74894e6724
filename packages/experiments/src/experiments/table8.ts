import { tunedValues, type Values } from "../tunedValues.ts";
import { defineExperiment, type Preset, type RegisteredExperiment, type Run, type Setting } from "./experiment.ts";
import { figure3 } from "./figure3.ts";
import { figure11 } from "./figure11.ts";
import { perturbed, withinRounding } from "./perturbedValues.ts";
import { type Estimate, type Row, tabulate } from "./row.ts";
import { table8Columns, table8Notes, table8Remark, table8Verdict } from "./table8Findings.ts";
import { runTrial, type Trial, type TrialResult } from "./trial.ts";
import { trialSettings } from "./trialSettings.ts";

const optimizerNames = ["lodo", "adam", "rmsprop", "momentum", "yogi"] as const;

const paperNumbers: Readonly<Record<string, Estimate>> = {
  adam: { mean: 0.00005342, std: null },
  rmsprop: { mean: 0.0008967, std: null },
  momentum: { mean: 0.01397, std: null },
  yogi: { mean: 0.0007916, std: null },
  lodo: { mean: 0.00104, std: 0.0000214 },
};

/** Decimals to which Table 6 prints each value. */
const printedDecimals: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  adam: { learningRate: 4, b1: 3, b2: 5 },
  rmsprop: { learningRate: 6, rho: 5, momentum: 3 },
  momentum: { learningRate: 5, momentum: 4 },
  yogi: { learningRate: 4, b1: 4, b2: 6 },
};

/** How many changes of the values are tried for every seed. */
const changesPerSeed = 2;

/** Heavy ball with η(1 − μ) for η is the moving average v ← μ v + (1 − μ) g, x ← x − η v. */
function averagedMomentum({ learningRate, momentum }: Values): Values {
  return { learningRate: Number(learningRate) * (1 - Number(momentum)), momentum: Number(momentum) };
}

function jobs({ steps, seeds, hyperparameters }: Preset): readonly Trial[] {
  const trial = (name: string, column: string, seed: number, values: Values): Trial => {
    const seen = column === table8Columns.loss;
    const record = seen ? { curve: { spacing: "each" } as const, trajectory: true } : {};
    return { name, column, seed, evaluations: steps, task: "rosenbrock", taskValues: {}, values, record };
  };
  const tuned = (name: string): Values => tunedValues("rosenbrock", name, hyperparameters);
  const each = <T>(count: number, f: (seed: number) => T): readonly T[] => Array.from({ length: count }, (_, seed) => f(seed));
  const losses = optimizerNames.flatMap((name) => each(seeds, (seed) => trial(name, table8Columns.loss, seed, tuned(name))));
  // The other columns are about the values that Table 6 prints.
  if (hyperparameters === "ours") return losses;
  return [
    ...losses,
    ...each(seeds, (seed) => trial("momentum", table8Columns.averaged, seed, averagedMomentum(tuned("momentum")))),
    ...Object.entries(printedDecimals).flatMap(([name, decimals]) => [
      ...each(changesPerSeed * seeds, (seed) => trial(name, table8Columns.rounded, seed, withinRounding(tuned(name), decimals, seed))),
      ...each(changesPerSeed * seeds, (seed) => trial(name, table8Columns.nudged, seed, perturbed(tuned(name), 1e-12, seed))),
    ]),
  ];
}

function rows(runs: readonly Run<Trial, TrialResult>[]): readonly Row[] {
  const scored = runs.map(({ job: { name, column }, result: { score } }) => ({ name, column, score }));
  const compared: readonly string[] = [table8Columns.loss, table8Columns.averaged];
  return tabulate(scored, (name, column) => (compared.includes(column) ? (paperNumbers[name] ?? null) : null));
}

/** Table 8 with Figures 3 and 11: Rosenbrock's function, at the values of Table 6. */
export const table8: RegisteredExperiment = defineExperiment<Trial, TrialResult>({
  id: "table-8",
  title: "Rosenbrock's function",
  summary: "losses on Rosenbrock's function after 200 steps",
  reference: "Section 5.2, Appendix G, Table 8, Figures 3 and 11",
  claim:
    "LODO's trajectory resembles the short-term dynamics of momentum: it overshoots and corrects itself in oscillations, and ends 200 steps with a mean loss of 0.001040 ± 0.000021, where Adam ends with 0.00005342 and Yogi with 0.0007916.",
  presets: { quick: { steps: 200, seeds: 4 }, paper: { steps: 200, seeds: 8 } },
  jobs,
  run: runTrial,
  rows,
  remark: table8Remark,
  verdict: table8Verdict,
  notes: table8Notes,
  settings: (preset): readonly Setting[] => trialSettings(jobs(preset), [table8Columns.loss, table8Columns.averaged]),
  figures: [figure3, figure11],
});
