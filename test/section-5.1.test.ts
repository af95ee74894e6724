import { type LodoState, serialize } from "@lodo/optim";
import { diagonal } from "@lodo/preconditioner";
import { array, createRng, dot, full, type Tensor, type Vector } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import type { JobContext, RegisteredExperiment } from "../packages/experiments/src/experiments/experiment.ts";
import { levelledFrom, longRunVerdict } from "../packages/experiments/src/experiments/longRun/findings.ts";
import { horizonsOf, joined, lossAtHorizon, lossWindows, meanLoss } from "../packages/experiments/src/experiments/longRun/horizons.ts";
import { longRun } from "../packages/experiments/src/experiments/longRun/longRun.ts";
import { continuations, type Trained, takenUp } from "../packages/experiments/src/experiments/pretrainedFrozen/continuations.ts";
import { lossDetails, pretrainedVerdict } from "../packages/experiments/src/experiments/pretrainedFrozen/findings.ts";
import { frozenLodo } from "../packages/experiments/src/experiments/pretrainedFrozen/frozen.ts";
import { pretrainedFrozen } from "../packages/experiments/src/experiments/pretrainedFrozen/pretrainedFrozen.ts";
import { pursue } from "../packages/experiments/src/experiments/pretrainedFrozen/pursue.ts";
import {
  type PretrainedResult,
  type PretrainedTrial,
  trainAndGoOn,
} from "../packages/experiments/src/experiments/pretrainedFrozen/trainAndGoOn.ts";
import { type Row, rowOf } from "../packages/experiments/src/experiments/row.ts";
import { runMixingTrial } from "../packages/experiments/src/experiments/sweeps/mixing.ts";
import { momentumDecays } from "../packages/experiments/src/experiments/sweeps/momentumSweep.ts";
import { bowlSweeps } from "../packages/experiments/src/experiments/sweeps/sweeps.ts";
import type { SweepTrial } from "../packages/experiments/src/experiments/sweeps/sweptTask.ts";
import { table7 } from "../packages/experiments/src/experiments/table7.ts";
import { noiseVariances, spread, varianceColumn } from "../packages/experiments/src/experiments/table7Findings.ts";
import { runTrial, type Trial } from "../packages/experiments/src/experiments/trial.ts";
import { simulate } from "../packages/experiments/src/run/simulate.ts";
import { tunedValues, type ValuesSource } from "../packages/experiments/src/tunedValues.ts";

const context: JobContext = { tick: () => {}, untimed: (f) => f() };
const tuned = tunedValues("noisy-quadratic-bowl", "lodo");

const row = (column: string, mean: number | null, name = "lodo"): Row => ({
  ...rowOf([], name, column),
  mean,
  n: mean === null ? 0 : 2,
  diverged: mean === null ? 2 : 0,
});

describe("Table 7", () => {
  const jobs = table7.jobs({ steps: 60, seeds: 1 }) as readonly Trial[];

  it("gives the noise of each variance to every optimizer, with the same seeds", () => {
    for (const variance of noiseVariances) {
      const here = jobs.filter(({ column }) => column === varianceColumn(variance));
      expect(new Set(here.map(({ name }) => name)).size).toBe(here.length);
      expect(here.length * noiseVariances.length).toBe(jobs.length);
      expect(here.map(({ column }) => Number(column))).toEqual(here.map(() => variance));
      for (const { taskValues, seed } of here) {
        expect((taskValues["noise"] as number) ** 2).toBeCloseTo(variance, 12);
        expect(seed).toBe(0);
      }
    }
  });

  it("has LODO's and momentum's loss / variance constant to three digits already after 60 steps, and Adam's not", () => {
    const runs = jobs
      .filter(({ name }) => ["lodo", "momentum", "adam"].includes(name))
      .map((job) => ({ job, result: runTrial(job, context) }));
    const rows = table7.rows(runs);
    expect(spread(rows, "lodo")).toBeLessThan(5e-3);
    // Every operation on x scales: what is left are roundings, of at most 60 steps and as many in each loss.
    expect(spread(rows, "momentum")).toBeLessThan(1e-12);
    expect(spread(rows, "adam")).toBeGreaterThan(0.1);
    const cells = table7.details?.(rows, runs).find(({ title }) => title === "inverse-Hessian error")?.cells ?? [];
    expect(rows.map(({ name }, i) => [name, cells[i] !== ""])).toEqual(rows.map(({ name }) => [name, name === "lodo"]));
    // G is blind to the scale of the noise but for ε, and has learned something.
    const errors = cells.filter((cell) => cell !== "").map(Number);
    expect(errors).toHaveLength(noiseVariances.length);
    expect(Math.max(...errors) / Math.min(...errors) - 1).toBeLessThan(5e-3);
    const [first] = runs.filter(({ job }) => job.name === "lodo");
    expect(errors[0]).toBeCloseTo(first?.result.inverseError?.at(-1)?.error ?? 0, 3);
  });

  const ratios: Readonly<Record<string, readonly number[]>> = {
    lodo: [8, 8, 8, 8, 8.03],
    adam: [200, 30, 15, 30, 160],
    rmsprop: [140, 30, 20, 50, 260],
    yogi: [18, 17, 16, 16, 20],
    newton: [7.4, 7.4, 7.4, 7.4, 7.4],
  };
  const rowsOf = (over: Readonly<Record<string, readonly (number | null)[]>> = {}): readonly Row[] =>
    Object.entries({ ...ratios, ...over }).flatMap(([name, each]) =>
      each.map((ratio, i) => {
        const variance = noiseVariances[i] as number;
        return row(varianceColumn(variance), ratio === null ? null : ratio * variance, name);
      }),
    );
  it.each([
    ["as the paper has it", {}, true],
    ["LODO's fourth digit off", { lodo: [8, 8, 8, 8, 8.05] }, false],
    ["LODO diverged once", { lodo: [8, 8, 8, 8, null] }, false],
    ["Yogi constant too", { yogi: [16, 16, 16, 16, 16] }, false],
    ["a rival diverged", { momentum: [null, null, null, null, null] }, true],
    ["Adam diverged once", { adam: [null, 30, 15, 30, 160] }, false],
  ])("is borne out or not, with %s", (_, over, holds) => {
    expect(table7.verdict(rowsOf(over), []).holds).toBe(holds);
  });

  it("says whether LODO is ahead of all but Newton's method", () => {
    const [equal, behind] = [{ momentum: [16, 16, 8, 16, 16] }, { momentum: [16, 16, 7.9, 16, 16] }].map(
      (over) => table7.notes(rowsOf(over), [])[0],
    );
    expect(equal).toContain("not ahead of momentum at variance 1.");
    expect(behind).toContain("not ahead of momentum at variance 1.");
    expect(table7.notes(rowsOf(), [])[0]).toContain("Here it is.");
  });
});

describe("pretrained and frozen", () => {
  const taskValues = { dim: 10 };
  const run = { task: "noisy-quadratic-bowl", optimizer: "lodo", seed: 3, steps: 40, recordEvery: 40, checkpointEvery: 40 };
  const [T, more] = [40, 25];
  const whole = { ...run, taskOptions: taskValues, hyperparameters: tuned };
  const underWay = () => {
    const { task, optimizer, start } = simulate(whole);
    return { task, optimizer, snapshot: start };
  };
  const trained = (): Trained => {
    const { task, optimizer, snapshot } = underWay();
    const ended = pursue({ task, optimizer, snapshot }, T, context.tick);
    return { seed: run.seed, values: tuned, taskValues, task, optimizer, snapshot: serialize(ended.snapshot) };
  };
  const stateOf = (snapshot: { readonly optimizer: unknown }) => snapshot.optimizer as LodoState<Tensor, unknown>;
  const goOn = (bowl: "same" | "new", learning: boolean) => {
    const from = takenUp(trained(), { bowl, learning });
    const start = { θ: [...array(stateOf(from.snapshot).theta)], m: [...array(stateOf(from.snapshot).m)], x: [...array(from.snapshot.x)] };
    const { snapshot, losses } = pursue(from, more, context.tick);
    return { task: from.task, start, losses, θ: [...array(stateOf(snapshot).theta)] };
  };

  it("moves θ with learning on, and not by a bit when it is frozen, on either bowl", () => {
    for (const bowl of ["same", "new"] as const) {
      const [frozen, learning] = [goOn(bowl, false), goOn(bowl, true)];
      expect(frozen.θ).toEqual(frozen.start.θ);
      expect(learning.start.θ).toEqual(frozen.start.θ);
      expect(learning.θ).not.toEqual(learning.start.θ);
    }
  });

  it("keeps θ even where hypergradients are not finite", () => {
    const G = diagonal({ dim: 2, alpha0: 1 });
    const optimizer = frozenLodo(G, 0.5);
    const θ = G.init(createRng(0));
    const infinite = full([2], Number.POSITIVE_INFINITY) as Vector;
    const { snapshot } = pursue(
      {
        task: { name: "none", dim: 2, init: () => ({ x: infinite, state: null }), draw: () => [{ value: (x: Vector) => dot(x, x) }, null] },
        optimizer,
        snapshot: { step: 0, x: infinite, optimizer: { theta: θ, m: infinite, meta: null }, task: null, draws: createRng(0).state() },
      },
      1,
      context.tick,
    );
    expect([...array(stateOf(snapshot).theta)]).toEqual([1, 1]);
  });

  it("takes the same bowl up where the training ended: learning on, it is the run that was never interrupted", () => {
    const uninterrupted = pursue(underWay(), T + more, context.tick).losses;
    expect(goOn("same", true).losses).toEqual(uninterrupted.slice(T));
    // Frozen, the first step is the same: θ moves after it.
    expect(goOn("same", false).losses[0]).toBe(uninterrupted[T]);
    expect(goOn("same", false).losses).not.toEqual(uninterrupted.slice(T));
  });

  it("begins the new bowl at its start, with another H of the same spectrum", () => {
    const there = goOn("new", false);
    expect([...there.start.x, ...there.start.m].every((value) => value === 0)).toBe(true);
    const H = (task: unknown): readonly number[] => [...array((task as { readonly hessian: Tensor }).hessian)];
    const [old, other] = [H(trained().task), H(there.task)];
    expect(other).not.toEqual(old);
    const trace = (entries: readonly number[]): number =>
      Array.from({ length: 10 }, (_, i) => entries[11 * i] as number).reduce((a, b) => a + b);
    expect(trace(other)).toBeCloseTo(trace(old), 10);
  });

  it("does all of it in a job, which counts each of its evaluations", () => {
    let counted = 0;
    const [job] = pretrainedFrozen.jobs({ steps: 40, seeds: 1 }) as readonly PretrainedTrial[];
    const small = { ...(job as PretrainedTrial), taskValues };
    const tick = (evaluations: number): void => {
      counted += evaluations;
    };
    const result = trainAndGoOn(small, { ...context, tick });
    expect(counted).toBe(small.evaluations);
    expect(result.continued.map(({ column }) => column)).toEqual(continuations.map(({ column }) => column));
    expect(result.continued.every(({ losses }) => losses.length === 4)).toBe(true);
    const losses = pursue({ ...underWay(), ...simulatedAt(small) }, 40, context.tick).losses;
    expect(result.score).toBeCloseTo(((losses[36] as number) + (losses[37] as number) + (losses[38] as number)) / 3, 12);
  });

  const simulatedAt = ({ seed }: PretrainedTrial) => {
    const { task, optimizer, start } = simulate({ ...whole, seed });
    return { task, optimizer, snapshot: start };
  };

  const growing = (factor: number): readonly number[] => Array.from({ length: 12 }, (_, i) => 10 * factor ** i);
  const runOf = (onNew: readonly number[], onSame: number | null) => ({
    job: { name: "lodo", column: "training" } as PretrainedTrial,
    result: {
      score: 10,
      divergedAt: null,
      continued: [
        { column: "frozen, new bowl", score: null, divergedAt: 100, losses: onNew },
        { column: "frozen, same bowl", score: onSame, divergedAt: onSame === null ? 7 : null, losses: [] },
      ],
    } as PretrainedResult,
  });
  it.each([
    ["as the paper has it", [runOf(growing(10), 10.5), runOf(growing(9), 10.2)], true],
    ["one run that stays", [runOf(growing(10), 10.5), runOf(growing(1), 10.2)], false],
    ["a run that ends at infinity before ten steps", [runOf([10, 1e200], 10.5)], true],
    ["worse on the same bowl", [runOf(growing(10), 11.5)], false],
    ["divergence on the same bowl", [runOf(growing(10), 10), runOf(growing(10), null)], false],
    ["nothing", [], false],
  ])("is borne out or not, with %s", (_, runs, holds) => {
    expect(pretrainedVerdict(pretrainedFrozen.rows(runs), runs).holds).toBe(holds);
  });

  it("shows the median of the seeds' losses, of two in the middle the geometric mean", () => {
    const shown = (...firsts: readonly number[]): string | undefined => {
      const runs = firsts.map((first) => runOf([first], 10));
      const rows = pretrainedFrozen.rows(runs).filter(({ column }) => column === "frozen, new bowl");
      return lossDetails(rows, runs)[0]?.cells[0];
    };
    expect(shown(1, 1e8, 1e2)).toBe("1.0e2");
    expect(shown(1e8, 1, 1e2, 1e4)).toBe("1.0e3");
    expect(shown(1e300, 1e308)).toBe("1.0e304");
  });
});

describe("the sweeps of LODO", () => {
  const [depthAblation, blockSizeAblation, momentumSweep] = bowlSweeps as readonly [
    depth: RegisteredExperiment,
    blockSize: RegisteredExperiment,
    momentum: RegisteredExperiment,
  ];
  const preset = { steps: 40, seeds: 2 };
  const depths = depthAblation.jobs(preset) as readonly SweepTrial[];
  const sizes = blockSizeAblation.jobs(preset) as readonly SweepTrial[];

  it("are those of the paper's code: N = 0, 4, … 28, and k = 2 … 9 with N = ⌊64/k⌋", () => {
    const first = (jobs: readonly SweepTrial[], key: string) => jobs.filter(({ seed }) => seed === 0).map(({ values }) => values[key]);
    expect(first(depths, "depth")).toEqual([28, 24, 20, 16, 12, 8, 4, 0]);
    expect(first(sizes, "blockSize")).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
    expect(first(sizes, "depth")).toEqual([7, 8, 9, 10, 12, 16, 21, 32]);
    for (const { values } of [...depths, ...sizes]) expect(values).toMatchObject({ beta: tuned["beta"], alpha0: tuned["alpha0"] });
  });

  it("go from no momentum to the tuned one in equal ratios of 1 − β", () => {
    for (const β of [0.195, 0.9343]) {
      const decays = momentumDecays(β);
      expect([decays[0], decays.at(-1), decays.length]).toEqual([0, β, 8]);
      const ratios = decays.slice(1).map((next, i) => (1 - next) / (1 - (decays[i] as number)));
      // Each of 1 − β_j is off by some roundings of 1 at most, so a ratio by as many over 1 − β.
      for (const ratio of ratios) expect(Math.abs(ratio / (ratios[0] as number) - 1)).toBeLessThan((8 * Number.EPSILON) / (1 - β));
    }
    const jobs = momentumSweep.jobs(preset) as readonly SweepTrial[];
    expect(jobs.filter(({ seed }) => seed === 1).map(({ values }) => values["beta"])).toEqual(
      momentumDecays(Number(tuned["beta"])).toReversed(),
    );
  });

  it("have at N = 0 momentum at the fixed rate α₀", () => {
    const job = depths.find(({ values, seed }) => values["depth"] === 0 && seed === 1) as SweepTrial;
    const record = { curve: { spacing: "each" } } as const;
    const { layersToMix, curve = [] } = runMixingTrial({ ...job, record }, context);
    expect(layersToMix).toBeNull();
    // x ← x − α₀ m, m ← β m + (1 − β) g: heavy ball with the rate (1 − β) α₀.
    const [β, α0] = [Number(tuned["beta"]), Number(tuned["alpha0"])];
    const values = { momentum: β, learningRate: (1 - β) * α0 };
    const ball = runTrial({ ...job, name: "momentum", values, record }, context).curve ?? [];
    expect(curve).toHaveLength(40);
    // Forty steps that contract, of some tens of roundings each.
    for (const [i, { loss }] of curve.entries()) expect(Math.abs(loss / (ball[i]?.loss ?? 0) - 1)).toBeLessThan(1e-12);
  });

  it("know after how many layers every input has met every output", () => {
    const mixing = (jobs: readonly SweepTrial[], at: number) =>
      runMixingTrial({ ...(jobs.find((job) => job.at === at && job.seed === 0) as SweepTrial), evaluations: 2 }, context).layersToMix;
    // In L layers of blocks of k an output sees at most k^L inputs: 100 takes L of at least log_k 100.
    expect(mixing(depths, 4)).toBeNull();
    expect(mixing(depths, 28)).toBe(mixing(depths, 16));
    for (const [k, least] of [
      [2, 7],
      [4, 4],
      [9, 3],
    ] as const)
      expect(mixing(sizes, k)).toBeGreaterThanOrEqual(least);
  });

  const mixed = (L: number | null) => [{ job: { name: "lodo", column: "N = 16", at: 16, seed: 0 }, result: { layersToMix: L } }] as never;
  const along = (columns: readonly string[], means: readonly (number | null)[]): readonly Row[] =>
    columns.map((column, i) => row(column, means[i] ?? null));
  const columnsOf = (jobs: readonly SweepTrial[]) =>
    jobs
      .filter(({ seed }) => seed === 0)
      .map(({ column }) => column)
      .toReversed();

  it.each([
    ["falling losses", [90, 14, 12, 11.5, 11, 10.8, 10.6, 10.5], 6, true],
    ["much to gain beyond N = 16", [90, 14, 12, 11.5, 11, 10.8, 10.6, 9.9], 6, false],
    ["nothing learned", [11, 14, 12, 11.5, 11, 10.8, 10.6, 10.5], 6, false],
    ["too little mixing", [90, 14, 12, 11.5, 11, 10.8, 10.6, 10.5], 17, false],
    ["no mixing", [90, 14, 12, 11.5, 11, 10.8, 10.6, 10.5], null, false],
    ["divergence at N = 16", [90, 14, 12, 11.5, null, 10.8, 10.6, 10.5], 6, false],
    ["divergence at N = 28", [90, 14, 12, 11.5, 11, 10.8, 10.6, null], 6, true],
  ])("judge depth, with %s", (_, means, L, holds) => {
    expect(depthAblation.verdict(along(columnsOf(depths), means), mixed(L)).holds).toBe(holds);
  });

  it.each([
    ["all sizes alike", [10, 10, 10, 10, 10, 10, 10, 10], 4, true],
    ["another size far better", [10, 10, 10, 10, 10, 10, 10, 9], 4, false],
    ["a size that diverged", [10, 10, 10, 10, 10, 10, 10, null], 4, false],
    ["k = 4 diverged", [10, 10, null, 10, 10, 10, 10, 10], 4, false],
    ["no mixing", [10, 10, 10, 10, 10, 10, 10, 10], null, false],
  ])("judge block size, with %s", (_, means, L, holds) => {
    expect(blockSizeAblation.verdict(along(columnsOf(sizes), means), mixed(L)).holds).toBe(holds);
  });

  const momentumRuns = (hyperparameters: ValuesSource = "paper") =>
    (momentumSweep.jobs({ ...preset, hyperparameters }) as readonly SweepTrial[]).map((job) => ({ job, result: {} }));
  const β = columnsOf(momentumRuns().map(({ job }) => job));
  /** Losses at the decays, that both seeds are off by as much in opposite directions; `own` is what the tuned decay is off besides. */
  const momentumLosses = (means: readonly (number | null)[], own = 0) =>
    momentumRuns().map(({ job }) => {
      const [i, side] = [β.indexOf(job.column), job.seed === 0 ? -1 : 1];
      const mean = means[i] ?? null;
      return { job, result: { score: mean === null ? null : mean + side * (5 + (i === 7 ? own : 0)) } };
    });
  const momentumVerdict = (runs: ReturnType<typeof momentumLosses>) => momentumSweep.verdict(momentumSweep.rows(runs), runs);
  const falling = [12, 11.8, 11.6, 11.4, 11.3, 11.2, 11.1, 11];
  it.each([
    ["losses that fall", falling, true],
    ["one that rises", [12, 11.8, 11.6, 11.4, 11.3, 11.2, 11, 11.1], true],
    ["two that rise", [12, 11.8, 11.6, 11.4, 11.5, 11.2, 11, 11.1], false],
    ["losses that rise", [11, 12, 13, 14, 15, 16, 17, 18], false],
    ["divergence at the tuned decay", [12, 11.8, 11.6, 11.4, 11.3, 11.2, 11.1, null], false],
  ])("judge momentum, with %s", (_, means, holds) => {
    expect(momentumVerdict(momentumLosses(means)).holds).toBe(holds);
  });

  it("judge momentum by differences that are beyond what seeds make for", () => {
    // Of two pairs that are off by d to either side, the half is t √2 d/√2 = 12.706 d: beyond the mean, 1, from d = 0.0787.
    expect(momentumVerdict(momentumLosses(falling, 0.078))).toEqual({
      holds: true,
      words: expect.stringContaining("by −1.00 ± 0.99 (95%"),
    });
    expect(momentumVerdict(momentumLosses(falling, 0.08)).holds).toBe(false);
    expect(momentumVerdict(momentumLosses(falling).filter(({ job }) => job.seed === 0)).holds).toBe(false);
  });

  it("judge no momentum that has no run at some decay", () => {
    for (const missing of β) expect(momentumVerdict(momentumLosses(falling).filter(({ job }) => job.column !== missing)).holds).toBe(false);
  });

  it("go up to the decay of those whose values are asked for, and say whose", () => {
    const ours = Number(tunedValues("noisy-quadratic-bowl", "lodo", "ours")["beta"]);
    expect(ours).not.toBe(tuned["beta"]);
    const decays = momentumRuns("ours").map(({ job }) => job.values["beta"]);
    expect([Math.min(...(decays as number[])), Math.max(...(decays as number[]))]).toEqual([0, ours]);
    expect(momentumSweep.notes([], momentumRuns("ours")).join()).toContain(`β is ${Number(ours.toPrecision(4))}, found by lodo tune`);
    expect(momentumSweep.notes([], momentumRuns()).join()).toContain("β is 0.195, that of Table 6");
  });
});

describe("the long run", () => {
  it("is looked at after the same parts whatever its length", () => {
    expect(horizonsOf(1_000_000)).toEqual([10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]);
    expect(horizonsOf(40)).toEqual([1, 2, 4, 8, 20, 40]);
  });

  it("scores every horizon as the mean of its last tenth, exactly", () => {
    const T = 400;
    const trial = { ...(longRun.jobs({ steps: T, seeds: 1 })[0] as Trial), taskValues: { dim: 5 } };
    const curveOf = (curve: Trial["record"]["curve"]) =>
      runTrial({ ...trial, record: { curve: curve as typeof lossWindows } }, context).curve ?? [];
    const losses = curveOf({ spacing: "each" }).map(({ loss }) => loss);
    // The windows that are kept are some evaluations each only in longer runs.
    const coarse = curveOf({ spacing: "linear", count: 40 });
    for (const horizon of [100, 200, 400]) {
      const last = losses.slice(0.9 * horizon, horizon);
      const mean = last.reduce((a, b) => a + b, 0) / last.length;
      for (const curve of [curveOf(lossWindows), coarse]) expect(lossAtHorizon(curve, horizon)).toBeCloseTo(mean, 12);
    }
    expect(lossAtHorizon([], 100)).toBeNull();
    expect(joined(coarse, [200, 400]).map(({ step }) => step)).toEqual([200, 400]);
    const half = losses.slice(200).reduce((a, b) => a + b, 0) / 200;
    expect(joined(coarse, [5, 200, 400]).at(-1)?.loss).toBeCloseTo(half, 12);
  });

  it("weighs windows by their length, and counts every loss of a joined curve once", () => {
    const curve = [
      { step: 1, loss: 4 },
      { step: 4, loss: 1 },
      { step: 6, loss: 2 },
    ];
    // (1 · 4 + 3 · 1)/4
    expect(meanLoss(curve, 0, 4)).toBe(1.75);
    expect(meanLoss(curve, 2, 4)).toBeNull();
    // Of the windows up to 3, 5 and 6 those up to 1, 4 and 6 are whole.
    expect(joined(curve, [0, 3, 5, 6])).toEqual(curve);
    expect(joined(curve, [5, 6])).toEqual([{ step: 4, loss: 1.75 }, curve[2]]);
  });

  it("has levelled off where the loss stays near its last", () => {
    const at = (...losses: readonly (number | null)[]) => levelledFrom(losses.map((loss, i) => ({ step: i + 1, loss })));
    expect(at(12, 10.1, 10.3, 10.1, 10)).toBe(4);
    expect(at(12, 11, 10)).toBe(3);
    expect(at(10, 10, 10)).toBe(1);
    expect(at(12, null)).toBeNull();
  });

  const T = 1000;
  const runs = (errors: readonly [tenth: number, end: number]) =>
    [{ job: { name: "lodo", evaluations: T }, result: { inverseError: [100, T].map((step, i) => ({ step, error: errors[i] })) } }] as never;
  const rows = (tenth: number, end: number | null) => [row("100 steps", tenth), row("1 000 steps", end)];
  it.each([
    ["both falling", rows(11, 9), [0.8, 0.7], true],
    ["a loss that rises", rows(9, 11), [0.8, 0.7], false],
    ["an error that rises", rows(11, 9), [0.7, 0.8], false],
    ["divergence", rows(11, null), [0.8, 0.7], false],
  ] as const)("is judged by loss and error, with %s", (_, rowsOfIt, errors, holds) => {
    expect(longRunVerdict(rowsOfIt, runs(errors)).holds).toBe(holds);
  });
});
