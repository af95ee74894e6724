import type { Values } from "../../tunedValues.ts";

/** A test problem at one dimension, as a column of the table. */
export interface TestProblemCase {
  readonly column: string;
  readonly task: string;
  readonly taskValues: Values;
  /** Values of f, other than the least, at which minimisers are known to end, and what they are. */
  readonly elsewhere?: readonly { readonly value: number; readonly words: string }[];
  /** Why a method, by its id, does not come near f* from the standard start. */
  readonly unsolved?: Readonly<Record<string, string>>;
}

type Known = Pick<TestProblemCase, "elsewhere" | "unsolved">;

const fixed = (column: string, task: string, known: Known = {}): TestProblemCase => ({ column, task, taskValues: {}, ...known });

const variable = (column: string, dim: number, task: string, taskValues: Values, known: Known = {}): TestProblemCase => ({
  column: `${column}, n = ${dim}`,
  task,
  taskValues,
  ...known,
});

/** 1.3e-8 above the minimum the gradient is 1e-8 already. */
const flat: Known = {
  unsolved: Object.fromEntries(
    ["l-bfgs-line-search", "bfgs-line-search"].map((name) => [
      name,
      "so ill-conditioned that ‖g‖∞ is below gradientTolerance there; at gradientTolerance=1e-14 it comes near within 2000 evaluations",
    ]),
  ),
};

/** The 18 problems in the order of their paper, at dimensions for which it prints minima. */
export const testProblemCases: readonly TestProblemCase[] = [
  fixed("helical valley", "mgh-helical-valley"),
  fixed("Biggs EXP6", "mgh-biggs-exp6", {
    elsewhere: [{ value: 5.65565e-3, words: "the local minimum 5.65565e-3, the one that Moré, Garbow and Hillstrom give" }],
  }),
  fixed("Gaussian", "mgh-gaussian"),
  fixed("Powell badly scaled", "mgh-powell-badly-scaled"),
  fixed("Box three-dimensional", "mgh-box"),
  variable("variably dimensioned", 10, "mgh-variably-dimensioned", { dim: 10 }),
  variable("Watson", 6, "mgh-watson", { dim: 6 }),
  variable("Watson", 9, "mgh-watson", { dim: 9 }),
  variable("Watson", 12, "mgh-watson", { dim: 12 }, flat),
  variable("penalty I", 4, "mgh-penalty-1", { dim: 4 }),
  variable("penalty I", 10, "mgh-penalty-1", { dim: 10 }),
  variable("penalty II", 4, "mgh-penalty-2", { dim: 4 }),
  variable("penalty II", 10, "mgh-penalty-2", { dim: 10 }),
  fixed("Brown badly scaled", "mgh-brown-badly-scaled"),
  fixed("Brown and Dennis", "mgh-brown-dennis"),
  fixed("Gulf research and development", "mgh-gulf"),
  variable(
    "trigonometric",
    10,
    "mgh-trigonometric",
    { dim: 10 },
    {
      elsewhere: [{ value: 2.79506e-5, words: "the local minimum 2.79506e-5, which Moré, Garbow and Hillstrom give too" }],
    },
  ),
  variable("extended Rosenbrock", 10, "mgh-extended-rosenbrock", { pairs: 5 }),
  variable("extended Powell singular", 8, "mgh-extended-powell-singular", { fours: 2 }),
  fixed("Beale", "mgh-beale"),
  fixed("Wood", "mgh-wood"),
  variable("Chebyquad", 8, "mgh-chebyquad", { dim: 8 }),
  variable("Chebyquad", 9, "mgh-chebyquad", { dim: 9 }),
  variable(
    "Chebyquad",
    10,
    "mgh-chebyquad",
    { dim: 10 },
    {
      elsewhere: [{ value: 6.50395e-3, words: "the local minimum 6.50395e-3, the one that Moré, Garbow and Hillstrom give" }],
    },
  ),
];
