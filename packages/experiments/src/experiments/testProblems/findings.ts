import { createRng } from "@lodo/tensor";
import { tasks } from "../../tasks/index.ts";
import type { Detail, Run, Verdict } from "../experiment.ts";
import { type Row, rowOf } from "../row.ts";
import { type TestProblemCase, testProblemCases } from "./cases.ts";
import { NEAR, type TestProblemResult, type TestProblemTrial } from "./trial.ts";

type Runs = readonly Run<TestProblemTrial, TestProblemResult>[];

/** The method that the claim is about. */
export const lineSearchMethod = "l-bfgs-line-search";

/** n and f* of a problem. */
export function known({ task: id, taskValues }: TestProblemCase): { readonly dim: number; readonly least: number } {
  const task = tasks.find((candidate) => candidate.id === id)?.create(createRng(0), taskValues);
  if (!task) throw new RangeError(`no task "${id}"`);
  return { dim: task.dim, least: task.optimum?.value ?? 0 };
}

/** Did every run of the cell come within 1e-8 of f*? */
export const solved = ({ mean, n, diverged }: Row): boolean => mean !== null && mean <= NEAR && n > 0 && diverged === 0;

/** Evaluations until f was within 1e-8 of f*, and how the runs ended that did not come so near. */
export function testProblemDetails(rows: readonly Row[], runs: Runs): readonly Detail[] {
  const first = ({ name, column }: Row): TestProblemResult | undefined =>
    runs.find(({ job }) => job.name === name && job.column === column)?.result;
  return [
    { title: "evaluations", cells: rows.map((row) => `${first(row)?.evaluations ?? ""}`) },
    { title: "end", cells: rows.map((row) => ends[first(row)?.end ?? "none"]) },
  ];
}

const ends: Readonly<Record<TestProblemResult["end"] | "none", string>> = {
  near: "f − f* ≤ 1e-8",
  evaluations: "evaluations used up",
  converged: "says it has converged",
  "singular-hessian": "singular Hessian",
  "line-search-failed": "no step decreases f",
  "not-finite": "not finite",
  none: "",
};

/** Where a run that is not near f* has ended, if that is a known place, or why this method does not come nearer, if that is known. */
export function testProblemRemark(row: Row): string | null {
  const problem = testProblemCases.find(({ column }) => column === row.column);
  if (!problem || row.mean === null || solved(row)) return null;
  const { least } = known(problem);
  const place = problem.elsewhere?.find(({ value }) => Math.abs(least + (row.mean as number) - value) <= 1e-5 * value);
  return place ? `ends in ${place.words}` : (problem.unsolved?.[row.name] ?? null);
}

/** Does the method reach f* wherever nothing that is known stands in its way? */
export function testProblemVerdict(rows: readonly Row[]): Verdict {
  const cells = testProblemCases.map(({ column }) => rowOf(rows, lineSearchMethod, column));
  const reached = cells.filter(solved);
  const explained = cells.filter((row) => testProblemRemark(row) !== null);
  const open = cells.filter((row) => !solved(row) && testProblemRemark(row) === null);
  const list = (some: readonly Row[]): string => some.map(({ column }) => column).join("; ");
  return {
    holds: open.length === 0,
    words:
      `${lineSearchMethod} comes within 1e-8 of f* on ${reached.length} of ${cells.length}` +
      `${explained.length === 0 ? "" : `; the reason is known for ${list(explained)}`}` +
      `${open.length === 0 ? "" : `, and not for ${list(open)}`}.`,
  };
}
