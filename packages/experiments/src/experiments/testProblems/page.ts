import type { Run } from "../experiment.ts";
import { type Row, rowOf, tabulate } from "../row.ts";
import { testProblemCases } from "./cases.ts";
import { known, lineSearchMethod, solved, testProblemDetails, testProblemRemark } from "./findings.ts";
import { testProblemMethods } from "./testProblems.ts";
import type { TestProblemResult, TestProblemTrial } from "./trial.ts";

const introduction = `# Test problems

The 18 unconstrained minimisation problems of Moré, Garbow & Hillstrom, "Testing unconstrained optimization software" (ACM TOMS 7(1), 1981), are tasks:
\`lodo run mgh-wood --optimizer ${lineSearchMethod}\`. f is a sum of squares Σ rᵢ², and the tasks offer its residuals and its Hessian too. Those of
variable dimension have an option for it; \`factor=10\` starts at ten times the standard start.

\`lodo reproduce test-problems\` runs them from the standard starts. The numbers are evaluations of f, each with its gradient, until f − f* ≤ 1e-8; where
that is not reached, f − f* at the end. A test runs them again and compares this page.`;

/** To six digits. */
const show = (f: number): string => (f > 0 && f < 0.01 ? f.toExponential(5) : `${Number(f.toPrecision(6))}`);

/** The documentation's page of test problems, in Markdown. */
export function testProblemsPage(runs: readonly Run<TestProblemTrial, TestProblemResult>[]): string {
  const rows = tabulate(
    runs.map(({ job: { name, column }, result: { score } }) => ({ name, column, score })),
    () => null,
  );
  const [evaluations, ends] = testProblemDetails(rows, runs).map(
    ({ cells }) =>
      (row: Row): string =>
        cells[rows.indexOf(row)] ?? "",
  );
  const cell = (row: Row): string => (solved(row) ? `${evaluations?.(row)}` : `f − f* = ${row.mean?.toExponential(1) ?? "not finite"}`);
  const table = [
    `| Problem | n | f* | ${testProblemMethods.map((name) => `\`${name}\``).join(" | ")} |`,
    `| --- | --: | --: | ${testProblemMethods.map(() => "--:").join(" | ")} |`,
    ...testProblemCases.map((problem) => {
      const { dim, least } = known(problem);
      const cells = testProblemMethods.map((name) => cell(rowOf(rows, name, problem.column)));
      return `| ${problem.column.replace(/, n = \d+$/, "")} | ${dim} | ${show(least)} | ${cells.join(" | ")} |`;
    }),
  ];
  const exceptions = rows.filter((row) => !solved(row));
  const reasons = [
    "| Problem | Method | f − f* | Evaluations | End | Why |",
    "| --- | --- | --: | --: | --- | --- |",
    ...exceptions.map(
      (row) =>
        `| ${row.column} | \`${row.name}\` | ${row.mean?.toExponential(1) ?? "not finite"} | ${evaluations?.(row)} | ${ends?.(row)} | ${testProblemRemark(row) ?? "not known"} |`,
    ),
  ];
  return `${[introduction, table.join("\n"), "## Exceptions", reasons.join("\n")].join("\n\n")}\n`;
}
