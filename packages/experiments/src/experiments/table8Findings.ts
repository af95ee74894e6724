import { agreement } from "./agreement.ts";
import type { Run, Verdict } from "./experiment.ts";
import { type Row, rowOf } from "./row.ts";
import type { Trial, TrialResult } from "./trial.ts";
import { crossingRange, valleyCrossings } from "./valleyCrossings.ts";

/** The paper's column of Table 8, and three that say how much its numbers mean. */
export const table8Columns = {
  loss: "mean loss, steps 180-200",
  averaged: "with the gradient averaged",
  rounded: "values within their rounding",
  nudged: "values changed by 1e-12",
} as const;

type Runs = readonly Run<Trial, TrialResult>[];

/** How near the reproducible cells have to be: fractions of the paper's mean for methods that draw nothing, standard errors for LODO. */
const tolerance = { adam: 0.002, yogi: 0.01, lodoStandardErrors: 3 } as const;

/** Are the reproducible cells reproduced, and does LODO oscillate across the valley? */
export function table8Verdict(rows: readonly Row[], runs: Runs): Verdict {
  const [adam, yogi, lodo] = ["adam", "yogi", "lodo"].map((name) => agreement(rowOf(rows, name, table8Columns.loss)));
  if (!adam || !yogi || lodo?.standardErrors == null) return { holds: false, words: "lodo, adam or yogi has no finite result." };
  const crossings = crossingRange(runs, "lodo");
  return {
    holds:
      Math.abs(adam.relative) <= tolerance.adam &&
      Math.abs(yogi.relative) <= tolerance.yogi &&
      lodo.standardErrors <= tolerance.lodoStandardErrors &&
      crossings.fewest >= 2,
    words:
      `LODO's mean is ${lodo.standardErrors.toFixed(1)} standard errors from the table's, Adam's ${percent(adam.relative)} and Yogi's ` +
      `${percent(yogi.relative)}; LODO crosses the valley floor y = x² ${crossings.words} times in its first 200 steps.`,
  };
}

const percent = (fraction: number): string => `${(100 * Math.abs(fraction)).toFixed(2)}%`;

/** Why two cells differ, in a few words beside them. */
export function table8Remark({ name, column }: Row, runs: Runs): string | null {
  if (column !== table8Columns.loss) return null;
  if (!areAtTable6(runs)) return "at our own values: see the notes";
  if (name === "rmsprop") return "chaotic at the values of Table 6: see the notes";
  return name === "momentum" ? "reproduced by no form of momentum: see the notes" : null;
}

/** Only at the values of Table 6 are there the columns about them. */
const areAtTable6 = (runs: Runs): boolean => runs.some(({ job }) => job.column === table8Columns.nudged);

/** The same at length, and what the other columns are. */
export function table8Notes(rows: readonly Row[], runs: Runs): readonly string[] {
  const { loss, averaged, rounded, nudged } = table8Columns;
  const mean = (name: string, column: string): string => rowOf(rows, name, column).mean?.toPrecision(4) ?? "nothing finite";
  const range = (name: string, column: string): string => scoreRange(runs, name, column);
  const crossings = [...new Set(runs.flatMap(({ job, result }) => (result.trajectory ? [job.name] : [])))].map(
    (name) => `${name} ${valleyCrossings(runs, name)}`,
  );
  const atTable6 = [
    `RMSprop is chaotic at its Table 6 values. Changing them by one part in 10¹² spreads its loss over ${range("rmsprop", nudged)}, where Adam's ` +
      `stays at ${mean("adam", nudged)}; points within the rounding of the printed values spread it over ${range("rmsprop", rounded)}. An ` +
      "implementation can meet the paper's 0.0008967 only by chance.",
    "Momentum's cell is reproduced by no form of momentum that we know. Heavy-ball at the Table 6 values gives " +
      `${mean("momentum", loss)}; with the gradient averaged, v ← μ v + (1 − μ) g, it is ${mean("momentum", averaged)}; the paper has 0.01397. ` +
      `Rounding does not explain it: within it heavy-ball gives ${range("momentum", rounded)}.`,
  ];
  const elsewhere = ["These are our own tuned values. The paper's numbers, which the verdict is about, are at those of Table 6."];
  return [
    ...(areAtTable6(runs) ? atTable6 : elsewhere),
    "Means are over evaluations 181 to 199: the authors' code leaves out both ends of the paper's 180 to 200.",
    "Only LODO draws random numbers here. The others run on every seed too, and ± 0 shows that nothing random enters. In the columns of changed " +
      "values ± is the deviation over the changes.",
    `Crossings of the valley floor y = x² in 200 steps, on average: ${crossings.join(", ")}.`,
  ];
}

function scoreRange(runs: Runs, name: string, column: string): string {
  const scores = runs.flatMap(({ job, result: { score } }) =>
    job.name === name && job.column === column && score !== null ? [score] : [],
  );
  return scores.length === 0 ? "nothing finite" : `${Math.min(...scores).toPrecision(3)} to ${Math.max(...scores).toPrecision(3)}`;
}
