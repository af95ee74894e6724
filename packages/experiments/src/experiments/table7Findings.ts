import { formatEstimate } from "../report/format.ts";
import type { Detail, Verdict } from "./experiment.ts";
import { newtonsLoss } from "./newtonsLoss.ts";
import { type Row, rowOf } from "./row.ts";

/** σ², the columns of Table 7. */
export const noiseVariances = [0.01, 0.1, 1, 10, 100] as const;

export const varianceColumn = (variance: number): string => `${variance}`;

/** The variance that a column names. */
export const varianceOf = ({ column }: Pick<Row, "column">): number =>
  noiseVariances.find((variance) => varianceColumn(variance) === column) ?? Number.NaN;

/** What the paper says depend on the noise. */
const adaptive = ["rmsprop", "yogi", "adam"] as const;

/** Constant to three digits: half a unit of the third, where it counts least. */
const threeDigits = 5e-3;

/** Loss / variance, with its deviation; null where no run came to its end. */
function rescaled(row: Row): Pick<Row, "mean" | "std"> {
  const variance = varianceOf(row);
  const each = (loss: number | null): number | null => (loss === null ? null : loss / variance);
  return { mean: each(row.mean), std: each(row.std) };
}

/** Loss / variance beside each row. */
export const rescaledDetail = (rows: readonly Row[]): Detail => ({
  title: "loss / variance",
  cells: rows.map((row) => formatEstimate(rescaled(row))),
});

/** (greatest − least) / least of an optimizer's loss / variance over the variances; null if there is a variance without a result. */
export function spread(rows: readonly Row[], name: string): number | null {
  const ratios = noiseVariances.map((variance) => rescaled(rowOf(rows, name, varianceColumn(variance))).mean);
  const known = ratios.flatMap((ratio) => (ratio === null ? [] : [ratio]));
  return known.length < ratios.length ? null : Math.max(...known) / Math.min(...known) - 1;
}

/** The rivals, told no Hessian, that do as well as LODO or better at some variance. */
function notBeaten(rows: readonly Row[]): readonly string[] {
  return noiseVariances.flatMap((variance) => {
    const here = rows.filter(({ column }) => column === varianceColumn(variance));
    const lodo = here.find(({ name }) => name === "lodo")?.mean ?? Number.POSITIVE_INFINITY;
    const rivals = here.filter(({ name }) => name !== "lodo" && name !== "newton");
    return rivals.filter(({ mean }) => mean !== null && mean <= lodo).map(({ name }) => `${name} at variance ${variance}`);
  });
}

/** Is LODO's loss / variance constant to three digits, and the adaptive methods' not? */
export function table7Verdict(rows: readonly Row[]): Verdict {
  const own = spread(rows, "lodo");
  const theirs = adaptive.map((name) => ({ name, spread: spread(rows, name) }));
  if (own === null) return { holds: false, words: "lodo has no result at some variance." };
  return {
    holds: own < threeDigits && theirs.every((other) => other.spread !== null && other.spread > threeDigits),
    words:
      `from variance ${noiseVariances[0]} to ${noiseVariances.at(-1)} LODO's loss / variance differs by ${percent(own)}, ` +
      `${theirs.map(({ name, spread: s }) => `that of ${name} by ${s === null ? "an unknown amount" : percent(s)}`).join(", ")}.`,
  };
}

const percent = (fraction: number): string => (fraction === 0 ? "nothing" : `${Number((100 * fraction).toPrecision(2))}%`);

export function table7Notes(rows: readonly Row[]): readonly string[] {
  const others = [...new Set(rows.map(({ name }) => name))].filter((name) => name !== "lodo" && !adaptive.some((known) => known === name));
  const said = others.map((name) => {
    const s = spread(rows, name);
    return `${name} ${s === null ? "unknown" : percent(s)}`;
  });
  const winners = notBeaten(rows);
  return [
    `The paper also has LODO ahead of all others but Newton's method at every variance. Here ${winners.length === 0 ? "it is" : `it is not ahead of ${winners.join(", ")}`}. ` +
      "In fewer than 100 000 steps LODO has learned less of the inverse Hessian, and the rates of L-BFGS and O-LBFGS, which decay, have come down less.",
    "Every cell of a seed draws the same numbers, scaled by the square root of the variance. A method whose steps scale with the gradient then has iterates " +
      `that scale likewise, and exactly the same loss / variance. Differences of the others' loss / variance over the variances: ${said.join(", ")}.`,
    "Adam's, RMSprop's and Yogi's steps have a size of their own, which was tuned at variance 1: they are too large below it and too small above it.",
    `LODO's meta-optimizer is Adam, whose steps do not scale with the hypergradient but for ε = 10⁻⁷. Newton's loss / variance is ½ tr H = ${newtonsLoss} on average.`,
    "The inverse-Hessian error is ‖I − G H‖_F / √n of LODO after the last step, the second block of the paper's table.",
    "The paper's cells are not compared here: its claims about them are their order, and which of them change with the variance.",
  ];
}
