import { optimizers } from "@lodo/optim";
import { createRng } from "@lodo/tensor";
import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";
import { equalTuning, equalTuningOf } from "../packages/experiments/src/experiments/equalTuning/equalTuning.ts";
import { tunedAlike } from "../packages/experiments/src/experiments/equalTuning/tunedAlike.ts";
import type { Preset } from "../packages/experiments/src/experiments/experiment.ts";
import type { Trial, TrialResult } from "../packages/experiments/src/experiments/trial.ts";
import { theme } from "../packages/experiments/src/plots/theme.ts";

const names = ["lodo", "adam", "yogi", "lodo-sgd"];
const entry = (name: string) => ({
  task: "image-generation",
  taskOptions: {},
  values: { learningRate: 0.25 },
  score: { mean: null, std: null, n: 0, diverged: 0 },
  steps: 1500,
  command: `lodo tune image-generation --optimizer ${name} --seed 0`,
  seed: 0,
  version: "0",
});
const experiment = equalTuningOf(() => new Map(names.map((name) => [name, entry(name)])));
const preset: Preset = { ...experiment.presets.paper, seeds: 4 };

/** What seeds 0 to 3 have in common. */
const ofSeed = [3, 5, 4, 7];

/** Runs that lose what their seed has in common, and `more` by their optimizer; diverged where that is null. */
const runsOf = (more: Readonly<Record<string, number | null>>) =>
  (experiment.jobs(preset) as readonly Trial[]).map((job): { readonly job: Trial; readonly result: TrialResult } => {
    const own = more[job.name];
    if (own === null || own === undefined) return { job, result: { score: null, divergedAt: 7, curve: [] } };
    const score = (ofSeed[job.seed] as number) + own;
    const metrics = ["validation loss", "test loss"].map((name) => ({ name, mean: score, standardError: 0.01, examples: 64 }));
    return {
      job,
      result: {
        score,
        divergedAt: null,
        curve: [{ step: 1, loss: score }],
        judgement: { metrics, data: { name: "fashion-mnist", digest: "0123456789ab" } },
      },
    };
  });

describe("equal tuning", () => {
  it("runs every tuned optimizer from the same seeds for the same steps, at the values that its search found", () => {
    const jobs = experiment.jobs(preset) as readonly Trial[];
    expect(jobs.map(({ name, seed }) => `${name} ${seed}`)).toEqual([0, 1, 2, 3].flatMap((seed) => names.map((name) => `${name} ${seed}`)));
    for (const job of jobs) {
      expect(job).toMatchObject({ evaluations: 1500, taskValues: { data: "fashion-mnist", batch: 64 }, values: { learningRate: 0.25 } });
    }
    expect(experiment.settings(preset).map(({ value }) => value)[0]).toContain("lodo tune image-generation --optimizer lodo");
  });

  it("sets each loss beside LODO's from the same seed: what seeds have in common is in no interval", () => {
    const runs = runsOf({ lodo: 0, adam: 0.5, yogi: -0.25, "lodo-sgd": null });
    const rows = experiment.rows(runs);
    const [detail] = experiment.details?.(rows, runs) ?? [];
    const cells = new Map(rows.map(({ name, column }, i) => [`${name}, ${column}`, detail?.cells[i]]));
    for (const which of ["training", "validation", "test"]) {
      const column = `${which} loss on Fashion-MNIST`;
      // Numbers with a finite binary expansion: the differences are exact, and all alike.
      expect(cells.get(`adam, ${column}`)).toBe("+0.500 ± 0.0");
      expect(cells.get(`yogi, ${column}`)).toBe("−0.250 ± 0.0");
      expect([cells.get(`lodo, ${column}`), cells.get(`lodo-sgd, ${column}`)]).toEqual(["", ""]);
    }
    expect(rows.find(({ name }) => name === "adam")?.std).toBeGreaterThan(1);
    const verdict = experiment.verdict(rows, runs);
    expect(verdict.holds).toBe(false);
    expect(verdict.words).toContain("Better than LODO beyond the interval: yogi.");
    expect(verdict.words).toContain("not shown against: yogi.");
    expect(verdict.words).toContain("Variants worse than LODO beyond the interval, or diverged: lodo-sgd.");
  });

  it("judges and explains in words, whatever has failed, and draws without a warning", () => {
    const some = runsOf({ lodo: 0, adam: 1, yogi: 1, "lodo-sgd": 1 });
    for (const runs of [some, some.filter(({ job }) => job.name !== "lodo"), some.filter(({ job }) => job.seed === 0), []]) {
      const rows = experiment.rows(runs);
      expect(experiment.verdict(rows, runs).words).toMatch(/\.$/);
      for (const note of experiment.notes(rows, runs)) expect(note).toMatch(/\.$/);
      for (const { cells } of experiment.details?.(rows, runs) ?? []) expect(cells.join()).not.toMatch(/NaN|undefined|Infinity/);
      const said: unknown[] = [];
      const say = (...text: readonly unknown[]): unknown => said.push(text);
      for (const figure of experiment.figures)
        compile(figure.spec(runs), {
          logger: { level: () => 0, error: say, warn: say, info: say, debug: () => {} } as never,
          config: theme,
        });
      expect(said).toEqual([]);
    }
    expect(experiment.verdict([], []).holds).toBe(false);
  });

  it("has values of those that were tuned, which their optimizers take, each found by the same search at its own batch and steps", () => {
    const tuned = [...tunedAlike()];
    const ablations = ["lodo-residuals", "lodo-no-momentum", "lodo-sgd", "lodo-diagonal", "lodo-global"];
    expect(tuned.map(([name]) => name)).toEqual(["lodo", "adam", "yogi", "rmsprop", "lars", "momentum", ...ablations]);
    const problem = { dim: 3, rng: createRng(0), steps: 9, layout: { size: 3, slices: [{ path: "a", start: 0, shape: [3] }] } };
    const searches = tuned.map(([name, { command, values, steps }]) => {
      const optimizer = optimizers.find(({ id }) => id === name);
      expect(Object.keys(values)).toEqual(optimizer?.tunable);
      expect(optimizer?.create(problem, values)).toBeDefined();
      expect(command).toMatch(new RegExp(`^lodo tune image-generation --optimizer ${name} `));
      return [steps, command.replace(`--optimizer ${name} `, "").replaceAll(/optimizer\.\S+ /g, "")];
    });
    expect(new Set(searches.map(String)).size).toBe(1);
    expect(searches[0]?.[1]).toContain("--set task.batch=64 task.data=fashion-mnist ");
    expect(equalTuning.presets.paper).toMatchObject({ steps: searches[0]?.[0], seeds: 4, batch: 64 });
  });
});
