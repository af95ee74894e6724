import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";
import type { JobContext, Run } from "../src/experiments/experiment.ts";
import { experiments } from "../src/experiments/index.ts";
import { rowOf } from "../src/experiments/row.ts";
import { table1 } from "../src/experiments/table1.ts";
import { tailRecorder } from "../src/experiments/tail.ts";
import { byTime, targets } from "../src/experiments/targets.ts";
import { runTrial } from "../src/experiments/trial.ts";
import { runTrialByTime, type TimedResult, type TimedTrial } from "../src/experiments/trialByTime.ts";
import { workload } from "../src/experiments/work.ts";
import { theme } from "../src/plots/theme.ts";
import { runAssignment } from "../src/pool/jobs.ts";
import { tunedValues } from "../src/tunedValues.ts";
import { scoreWindow } from "../src/windows.ts";

const trial = (over: Partial<TimedTrial> = {}): TimedTrial => ({
  name: "adam",
  column: "0.2 s",
  seed: 3,
  evaluations: 0,
  seconds: 0.2,
  task: "noisy-quadratic-bowl",
  taskValues: { dim: 12 },
  values: tunedValues("noisy-quadratic-bowl", over.name ?? "adam"),
  ...over,
});

/** A clock on which every look takes one millisecond more. */
const ticking = (milliseconds = 1): (() => number) => {
  let now = 5;
  return () => {
    now += milliseconds;
    return now;
  };
};

const silent: JobContext = { tick: () => {}, untimed: (f) => f() };

describe("a trial by time", () => {
  const { evaluations: _, seconds, ...same } = trial();
  const bySteps = (evaluations: number) => runTrial({ ...same, evaluations, record: { curve: { spacing: "each" } } }, silent);

  it("is the trial of as many steps as there was time for", () => {
    const timed = runTrialByTime(trial(), silent, ticking());
    const { score, curve } = bySteps(200);
    expect([timed.evaluations, timed.seconds, timed.divergedAt]).toEqual([200, 0.2, null]);
    // The same losses, added up in the same order; a mean of 19 numbers in another way round.
    expect(timed.score).toBeCloseTo(score as number, 10);
    expect(timed.curve.at(-1)?.seconds).toBe(seconds);
    const ends = timed.curve.map((point) => point.seconds);
    expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
    for (const [i, point] of timed.curve.entries()) {
      const [from, to] = [(ends[i - 1] ?? 0) * 1000, point.seconds * 1000];
      const losses = (curve ?? []).filter(({ step }) => step > from + 1e-9 && step <= to + 1e-9).map(({ loss }) => loss);
      expect(point.loss).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / losses.length, 10);
    }
  });

  it("does not count a step that ends too late", () => {
    // Steps end at 7, 14 … 196, 203 ms.
    expect(runTrialByTime(trial(), silent, ticking(7))).toMatchObject({ evaluations: 28, seconds: 0.196 });
  });

  it("knows of LODO where the time of more steps goes, and of no other", () => {
    const timed = runTrialByTime(trial({ name: "lodo" }), silent, ticking());
    expect(Object.keys(timed.times?.parts ?? {})).toEqual(["task", "product", "pullBack", "metaOptimizer", "other"]);
    expect(timed.evaluations).toBe(200);
    expect(runTrialByTime(trial(), silent, ticking()).times).toBeUndefined();
  });

  it("fails where there is no time for a score, and is no divergence", () => {
    expect(() => runTrialByTime(trial(), silent, ticking(50))).toThrow(/^4 evaluations in 0.2 s are too few/);
  });

  it("ends where it diverges, without a score", () => {
    const wild = trial({ name: "momentum", values: { learningRate: 1e150, momentum: 0.9 } });
    const result = runTrialByTime(wild, silent, ticking());
    expect(result).toMatchObject({ score: null, divergedAt: result.evaluations + 1 });
    expect(result.evaluations).toBeLessThan(10);
  });

  it("tells progress every second that there is, however it ends", () => {
    for (const over of [{}, { name: "momentum", values: { learningRate: 1e150, momentum: 0.9 } }]) {
      const told: number[] = [];
      runTrialByTime(trial({ ...over, seconds: 3.5 }), { ...silent, tick: (done) => void told.push(done) }, ticking(100));
      expect(told.reduce((a, b) => a + b)).toBe(3);
    }
  });

  it("runs on its own clock", () => {
    const assignment = { experiment: "table-1-by-time", job: trial({ name: "momentum" }) };
    const outcome = runAssignment(assignment, experiments);
    // A machine that stands still for 0.2 s has no score to tell.
    if (!outcome.ok) expect(outcome.error).toMatch(/too few/);
    else expect((outcome.result as TimedResult).seconds).toBeLessThanOrEqual(0.2);
  });
});

describe("the tail of a run", () => {
  it("is the mean over 0.9 N < i < N, for every N", () => {
    const tail = tailRecorder();
    const losses: number[] = [];
    for (let n = 1; n <= 30_000; n++) {
      const loss = (n * 7919) % 10_007;
      losses.push(loss);
      tail.add(loss);
      if (n > 300 && n % 997 !== 0) continue;
      const [first, last] = scoreWindow(n);
      const scored = losses.slice(first - 1, last);
      // Sums of integers below 2⁵³ are exact.
      expect(tail.mean).toBe(scored.length === 0 ? null : scored.reduce((a, b) => a + b, 0) / scored.length);
    }
    expect(tail.count).toBe(30_000);
  });

  it("counts a loss that is not finite, without having it in the mean", () => {
    const tail = tailRecorder();
    for (let i = 1; i <= 40; i++) tail.add(i === 38 ? Number.POSITIVE_INFINITY : i);
    expect([tail.count, tail.mean]).toEqual([40, (37 + 39) / 2]);
    const none = tailRecorder();
    for (let i = 1; i <= 20; i++) none.add(i === 19 ? Number.NaN : i);
    expect([none.count, none.mean]).toEqual([20, null]);
  });
});

describe("Table 1 by time", () => {
  const experiment = table1.byTime?.(60) as NonNullable<ReturnType<NonNullable<typeof table1.byTime>>>;
  const jobs = experiment.jobs(experiment.presets.quick) as readonly TimedTrial[];
  const result = (score: number | null): TimedResult => ({
    score,
    divergedAt: score === null ? 7 : null,
    evaluations: 61_000,
    seconds: 61,
    curve: [
      { seconds: 1, loss: 20 },
      { seconds: 60, loss: score ?? 1e300 },
    ],
  });
  const scores: Readonly<Record<string, number>> = { newton: 7.4, "levenberg-marquardt": 7.6, lodo: 8.5 };
  const runsWith = (over: Readonly<Record<string, number | null>>): readonly Run<TimedTrial, TimedResult>[] =>
    jobs.map((job) => {
      const given = over[job.name];
      return { job, result: result(given === undefined ? (scores[job.name] ?? 15) : given) };
    });

  it("is as much work as its runs have seconds, in as many digits", () => {
    const short = table1.byTime?.(0.3) as typeof experiment;
    expect(`${workload([short], { preset: "quick", seeds: 1 }).total}`).toMatch(/^\d+(\.\d)?$/);
  });

  it("has the jobs of Table 1, by seconds, in a column of its own", () => {
    expect(jobs.map(({ name, seed }) => [name, seed])).toEqual(table1.jobs({ steps: 10, seeds: 3 }).map(({ name, seed }) => [name, seed]));
    expect(new Set(jobs.map(({ column, seconds, evaluations }) => `${column} ${seconds} ${evaluations}`))).toEqual(new Set(["60 s 60 0"]));
    expect(JSON.parse(JSON.stringify(jobs))).toEqual(jobs);
  });

  it.each([
    ["LODO first of those that are not told the Hessian", {}, true],
    ["another before it", { adam: 8.4 }, false],
    ["LODO diverged", { lodo: null }, false],
  ] as const)("judges: %s", (_, over, holds) => {
    const runs = runsWith(over);
    const rows = experiment.rows(runs);
    expect(experiment.verdict(rows, runs).holds).toBe(holds);
  });

  it("shows steps and speed beside each row, and says what was measured and how", () => {
    const runs = runsWith({ yogi: null });
    const rows = experiment.rows(runs);
    const [steps, rate] = ["steps", "steps/s"].map((title) => experiment.details?.(rows, runs).find((detail) => detail.title === title));
    expect(new Set(steps?.cells)).toEqual(new Set(["61 000"]));
    expect(new Set(rate?.cells)).toEqual(new Set(["1 000"]));
    expect(experiment.details?.(rows, runs).map(({ title }) => title)).not.toContain("pull-back");
    expect(rowOf(rows, "yogi", "60 s")).toMatchObject({ n: 0, diverged: 3 });
    const notes = experiment.notes(rows, runs).join(" ");
    for (const words of [
      "differ from run to run",
      "warm-up",
      "0.9 N < i < N",
      "yogi, 60 s: 3 of 3 runs diverged, the first at evaluation 7",
    ])
      expect(notes).toContain(words);
  });

  it("shows where the time of LODO's steps goes, on average over its runs, and says how it was measured", () => {
    const parts = (task: number) => ({ task, product: 0.1, pullBack: 0.2, metaOptimizer: 0.1, other: 0.6 - task });
    const runs = runsWith({}).map(({ job, result }) =>
      job.name === "lodo"
        ? { job, result: { ...result, times: { secondsPerStep: 1, parts: parts(job.seed === 0 ? 0.35 : 0.5) } } }
        : { job, result },
    );
    const rows = experiment.rows(runs);
    const details = experiment.details?.(rows, runs) ?? [];
    const cellsOf = (name: string) => details.slice(-5).map(({ cells }) => cells[rows.findIndex((row) => row.name === name)]);
    expect(details.slice(-6).map(({ title }) => title)).toEqual(["steps/s", "task", "G m", "pull-back", "meta-optimizer", "other"]);
    expect([cellsOf("lodo"), new Set(cellsOf("adam"))]).toEqual([["45%", "10%", "20%", "10%", "15%"], new Set([""])]);
    expect(experiment.notes(rows, runs).join(" ")).toContain("stopwatch between the lines of Algorithm 1");
    expect(experiment.notes(rows, runsWith({})).join(" ")).not.toContain("stopwatch");
  });

  it("draws its figure without a warning", () => {
    const said: unknown[] = [];
    const say = (...text: readonly unknown[]): unknown => said.push(text);
    const logger = { level: () => 0, error: say, warn: say, info: say, debug: say };
    const runs = runsWith({});
    for (const figure of experiment.figures) {
      compile(figure.spec(runs), { logger: logger as never, config: theme });
      expect(figure.alt(runs)).toContain("lodo 8.5");
    }
    expect(said).toEqual([]);
  });

  it("goes by names of its own, for the table with its figure and for the figure alone", () => {
    const named = (id: string) => targets.filter((target) => target.id === id).map((target) => byTime(target, 60))[0];
    expect(named("table-1")).toMatchObject({ id: "table-1-by-time", figures: [{ id: "figure-2-by-time" }] });
    expect(named("figure-2")).toMatchObject({ id: "figure-2-by-time", figures: [{ id: "figure-2-by-time" }] });
    expect(named("table-8")).toBeNull();
  });
});
