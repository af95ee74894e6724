import { deserialize, serialize } from "@lodo/optim";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JobCheckpoint } from "../src/experiments/experiment.ts";
import { runTrial, type Trial, type TrialResult } from "../src/experiments/trial.ts";
import { tunedValues } from "../src/tunedValues.ts";

const trial = (over: Partial<Trial>): Trial => ({
  name: "lodo",
  column: "loss",
  seed: 3,
  evaluations: 60,
  task: "noisy-quadratic-bowl",
  taskValues: { dim: 12 },
  values: tunedValues(over.task ?? "noisy-quadratic-bowl", over.name ?? "lodo"),
  record: { curve: { spacing: "log", count: 9 } },
  ...over,
});

class Death extends Error {}

/** A session of a trial, from the bytes that the one before has left: the process dies after so many steps. */
interface Session {
  readonly result: TrialResult | null;
  readonly bytes: Uint8Array | null;
  /** Told to progress: in all, and as done earlier. */
  readonly ticks: number;
  readonly earlier: number;
}

function session(job: Trial, saved: Uint8Array | null, steps: number): Session {
  let [bytes, left, ticks, before] = [saved, steps, 0, 0];
  const checkpoint: JobCheckpoint = {
    load: () => bytes && deserialize(bytes),
    refuse: (problem) => new Error(`refused: ${problem}`),
    save(state) {
      bytes = serialize(state());
      if (--left === 0) throw new Death();
    },
  };
  const tick = (done: number, earlier = false): void => {
    ticks += done;
    if (earlier) before += done;
  };
  try {
    return { result: runTrial(job, { tick, untimed: (f) => f(), checkpoint }), bytes, ticks, earlier: before };
  } catch (error) {
    if (error instanceof Death) return { result: null, bytes, ticks, earlier: before };
    throw error;
  }
}

/** Sessions, each of so many steps but for the last, which has no end of its own. */
function* sessions(job: Trial, lengths: readonly number[]): Generator<Session> {
  let bytes: Uint8Array | null = null;
  for (const steps of [...lengths, never]) {
    const ended = session(job, bytes, steps);
    yield ended;
    if (ended.result) return;
    bytes = ended.bytes;
  }
}

const record = { curve: { spacing: "each" }, trajectory: true, inverseError: { spacing: "linear", count: 3 } } as const;
const rosenbrock = { task: "rosenbrock", taskValues: {} };
const wild = { name: "momentum", values: { learningRate: 1e150, momentum: 0.9 } };
const trials: readonly (readonly [string, Trial])[] = [
  ["LODO", trial({})],
  ["LODO with all that can be recorded", trial({ record, taskValues: { dim: 4 }, evaluations: 30 })],
  ["Adam", trial({ name: "adam", evaluations: 230 })],
  ["a method of two evaluations a step", trial({ name: "o-lbfgs" })],
  ["a method that converges, and stays", trial({ ...rosenbrock, name: "l-bfgs-line-search", values: {}, evaluations: 90 })],
  ["a method that stops", trial({ task: "mgh-biggs-exp6", taskValues: {}, name: "newton", values: {} })],
  ["a run that diverges", trial(wild)],
];
const never = Number.POSITIVE_INFINITY;

describe("a trial that died and went on", () => {
  it.each(trials)("comes to the same result: %s", (_, job) => {
    const { result: expected, ticks } = session(job, null, never);
    const everyStep = Array.from({ length: job.evaluations }, () => 1);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }), (lengths) => {
        const all = [...sessions(job, lengths)];
        expect([all.at(-1)?.result, all.at(-1)?.ticks]).toEqual([expected, ticks]);
        expect(all.map(({ earlier }) => earlier)).toEqual([0, ...all.slice(0, -1).map((session) => session.ticks)]);
      }),
      { numRuns: 6, examples: [[everyStep]] },
    );
  });

  it("takes no step twice", () => {
    const job = trial({ evaluations: 40 });
    const { bytes } = session(job, null, 30);
    // Of 40 steps the last one needs no checkpoint.
    expect(session(job, bytes, 9).result).toBeNull();
    expect(session(job, bytes, 10).result).not.toBeNull();
  });

  it("has ends of every kind among these", () => {
    const results = trials.map(([, job]) => session(job, null, never).result);
    expect(results.map((result) => result?.firstSight !== undefined)).toEqual([false, false, false, true, false, false, false]);
    expect(results.map((result) => result?.stopped !== undefined)).toEqual([false, false, false, false, false, true, false]);
    expect(results.map((result) => result?.divergedAt !== null)).toEqual([false, false, false, false, false, false, true]);
  });

  it("stays where it has converged", () => {
    const [, job] = trials[4] as (typeof trials)[number];
    const [, last] = [...sessions(job, [60])];
    expect(last?.result).toMatchObject({ divergedAt: null });
    expect(last?.result).not.toHaveProperty("stopped");
    const stays = (steps: number): unknown =>
      (deserialize(session(job, null, steps).bytes as Uint8Array) as { readonly stays: boolean }).stays;
    expect([stays(5), stays(60)]).toEqual([false, true]);
  });

  it.each([
    ["another shape", trial({ taskValues: { dim: 3 } }), /^refused: expected fixed.permutations.0 as the seed draws it, found/],
    ["another optimizer", trial({ name: "adam" }), /^refused: expected fixed to have permutations, found nothing/],
  ])("refuses a state of %s", (_, other, words) => {
    const { bytes } = session(other, null, 5);
    expect(() => session(trial({}), bytes, 5)).toThrow(words);
  });

  it.each([
    ["what a later version adds", { more: 1 }, /^refused: its root: Unrecognized key: "more"/],
    ["what is no count", { evaluations: -1 }, /^refused: evaluations: /],
    ["a state without a vector", { snapshot: null }, /^refused: snapshot: /],
  ])("refuses %s", (_, change, words) => {
    const { bytes } = session(trial({}), null, 5);
    const changed = serialize({ ...(deserialize(bytes as Uint8Array) as object), ...change });
    expect(() => session(trial({}), changed, 5)).toThrow(words);
  });
});
