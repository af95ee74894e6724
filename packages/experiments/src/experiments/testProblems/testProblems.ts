import { defineExperiment, type Preset, type RegisteredExperiment } from "../experiment.ts";
import { tabulate } from "../row.ts";
import { testProblemCases } from "./cases.ts";
import { lineSearchMethod, testProblemDetails, testProblemRemark, testProblemVerdict } from "./findings.ts";
import { runTestProblem, type TestProblemResult, type TestProblemTrial } from "./trial.ts";

/** Methods for smooth problems without noise that look for a decrease at every step; at their default values. */
export const testProblemMethods: readonly string[] = [lineSearchMethod, "bfgs-line-search", "levenberg-marquardt-residual"];

const jobs = ({ steps, seeds }: Preset): readonly TestProblemTrial[] =>
  Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
    testProblemCases.flatMap(({ column, task, taskValues }) =>
      testProblemMethods.map((name) => ({ name, column, seed, evaluations: steps, task, taskValues, values: {} })),
    ),
  );

/** The test problems of Moré, Garbow & Hillstrom 1981 from their standard starts. */
export const testProblems: RegisteredExperiment = defineExperiment<TestProblemTrial, TestProblemResult>({
  id: "test-problems",
  title: "The test problems of Moré, Garbow and Hillstrom",
  summary: "line-search quasi-Newton and Levenberg–Marquardt on the 18 problems of Moré, Garbow and Hillstrom",
  reference: "beside Section 5; Moré, Garbow & Hillstrom 1981",
  claim:
    "Of these problems the literature says that a quasi-Newton method with a line search solves them from their standard starts, f − f* ≤ 1e-8, but for starts that lead to another minimum and scales that exhaust float64.",
  presets: { quick: { steps: 1000, seeds: 1 }, paper: { steps: 1000, seeds: 8 } },
  jobs,
  run: runTestProblem,
  rows: (runs) =>
    tabulate(
      runs.map(({ job: { name, column }, result: { score } }) => ({ name, column, score })),
      () => null,
    ),
  details: testProblemDetails,
  remark: testProblemRemark,
  verdict: testProblemVerdict,
  notes: () => [
    "The number is f − f* where a run ends: at the first evaluation of f within 1e-8 of f*, where the optimizer stops, or where the evaluations are used up.",
    "Nothing is random here: every seed is the same run.",
    "Evaluations of f, each with its gradient, are counted; those of residuals, their derivatives and Hessians are not.",
  ],
  settings: () => testProblemMethods.map((name) => ({ name, value: "defaults" })),
  figures: [],
});
