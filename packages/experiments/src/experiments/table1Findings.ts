import { agreement } from "./agreement.ts";
import type { Detail, Job, Run, Verdict } from "./experiment.ts";
import { newtonsLoss } from "./newtonsLoss.ts";
import { type Estimate, type Row, tabulate } from "./row.ts";
import { type Method, methodOf } from "./table1Methods.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** The optimum holds at any number of steps; it is the one cell of Table 1 that is given here. */
const paperNumbers: Readonly<Record<string, Estimate>> = { newton: { mean: newtonsLoss, std: null } };

/** The best first. */
export const table1Rows = (runs: readonly Run<Job, Pick<TrialResult, "score">>[]): readonly Row[] =>
  ranked(
    tabulate(
      runs.map(({ job: { name, column }, result: { score } }) => ({ name, column, score })),
      (name) => paperNumbers[name] ?? null,
    ),
  );

/** Rows whose runs all diverged come last. */
const ranked = (rows: readonly Row[]): readonly Row[] =>
  [...rows].sort((a, b) => (a.mean ?? Number.POSITIVE_INFINITY) - (b.mean ?? Number.POSITIVE_INFINITY));

/** What the paper's table says of each optimizer beside its losses, and which are not the paper's. */
export function table1Details(rows: readonly Row[]): readonly Detail[] {
  const each = (title: string, f: (method: Method) => string): Detail => ({
    title,
    cells: rows.map(({ name }) => {
      const method = methodOf(name);
      return method ? f(method) : "";
    }),
  });
  return [
    each("time a step", ({ time }) => time),
    each("recipe", ({ recipe }) => (recipe === "paper" ? "the paper's" : "corrected")),
    each("Hessian", ({ toldHessian }) => (toldHessian ? "told" : "")),
  ];
}

/** Is LODO first of the paper's methods that are not told the Hessian? Who is, without a full stop. */
export function standing(rows: readonly Row[]): Verdict {
  const untold = (recipe: Method["recipe"]): readonly Row[] =>
    ranked(rows.filter(({ name, mean }) => mean !== null && methodOf(name)?.recipe === recipe && !methodOf(name)?.toldHessian));
  const [first, second] = untold("paper");
  const ahead = untold("corrected").filter(({ mean }) => first?.mean != null && mean !== null && mean < first.mean);
  return {
    holds: first?.name === "lodo",
    words:
      `of those that are not told the Hessian ${show(first)} comes first, then ${show(second)}` +
      `${ahead.length === 0 ? "" : `; before them, and not in the paper, ${ahead.map(show).join(", ")}`}`,
  };
}

const show = (row: Row | undefined): string => (row?.mean == null ? "nobody" : `${row.name} with ${row.mean.toPrecision(4)}`);

/**
 * How far Newton's mean may be from ½ σ² tr H. Its loss ½ sᵀH s deviates by √(½ tr H²) = 1.96 from one evaluation to the next, and the mean of 3 seeds
 * over 999 scored evaluations each by 0.036, which is 0.5%.
 */
const newtonsTolerance = 0.01;

/** Is LODO first, is Newton's method at the optimum, and does the inverse-Hessian error decay? */
export function table1Verdict(rows: readonly Row[], runs: readonly Run<Trial, TrialResult>[]): Verdict {
  const newton = rows.find(({ name }) => name === "newton");
  const off = newton && agreement(newton);
  const errors = runs.flatMap(({ result: { inverseError } }) => (inverseError ? [inverseError] : []));
  const meanAt = (i: number): number => errors.reduce((sum, points) => sum + (points.at(i)?.error ?? Number.NaN), 0) / errors.length;
  const { holds, words } = standing(rows);
  return {
    holds: holds && off != null && Math.abs(off.relative) <= newtonsTolerance && meanAt(-1) < meanAt(0),
    words:
      `${words}; told it, ${show(newton)}; LODO's inverse-Hessian error goes from ${meanAt(0).toPrecision(3)} to ` +
      `${meanAt(-1).toPrecision(3)}.`,
  };
}

/** What a reader has to know whatever the runs' length. */
export const table1Notes: readonly string[] = [
  "The paper's other cells of Table 1 are not compared here: its claim about them is the order.",
];
