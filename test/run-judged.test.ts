import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, type Vector } from "@lodo/tensor";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { savedRunPage } from "../packages/experiments/src/report/runPage.ts";
import { beginFolder } from "../packages/experiments/src/run/beginFolder.ts";
import type { RunConfiguration } from "../packages/experiments/src/run/configuration.ts";
import { type Execution, execute, startOf } from "../packages/experiments/src/run/execute.ts";
import type { JudgedRecord, RunFolder } from "../packages/experiments/src/run/files.ts";
import { resumeFolder } from "../packages/experiments/src/run/resumeFolder.ts";
import { type Simulation, simulate } from "../packages/experiments/src/run/simulate.ts";
import type { Summary } from "../packages/experiments/src/run/tally.ts";
import type { EvaluationProgress, Metric } from "../packages/experiments/src/tasks/task.ts";
import { lodoHere } from "./lodo.ts";

let root = "";
const at = (...names: readonly string[]): string => join(root, ...names);
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "lodo-judged-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const full = process.env["LODO_FULL"] !== undefined;
const STEPS = 20;
const how = { task: "noisy-quadratic-bowl", optimizer: "lodo", seed: 4, steps: STEPS, recordEvery: 1, checkpointEvery: 3 };
const configuration: RunConfiguration = { ...how, evaluateEvery: 6, taskOptions: { dim: 5 }, hyperparameters: { depth: 2 } };
/** Some of its steps evaluate the loss more than once. */
const searching: RunConfiguration = {
  ...configuration,
  task: "rosenbrock",
  optimizer: "l-bfgs-line-search",
  taskOptions: {},
  hyperparameters: {},
};

let clock = 0;
/** Judges by the first number of x, and takes a thousand seconds for that. */
function* evaluate(x: Vector): Generator<EvaluationProgress, readonly Metric[]> {
  for (const done of [1, 2]) {
    clock += 500_000;
    yield { done, total: 2 };
  }
  return [
    { name: "validation loss", mean: 1 + (array(x)[0] as number) ** 2, standardError: 0.5, examples: 2 },
    { name: "test accuracy", mean: 0.25, standardError: 0, examples: 2 },
  ];
}

const judgedSimulation = (run: RunConfiguration): Simulation => {
  const simulation = simulate(run);
  return { ...simulation, task: { ...simulation.task, evaluate } };
};

const sampling = { draws: 2 };

/** The run in a folder, begun or gone on with; `spoil` may let it die or be interrupted. */
async function goOn(
  folder: string,
  run: RunConfiguration,
  spoil: (files: RunFolder) => Partial<Execution> = () => ({}),
): Promise<Summary | null> {
  const simulation = judgedSimulation(run);
  const start = startOf(simulation);
  let begun = true;
  try {
    readFileSync(join(folder, "config.json"));
  } catch {
    begun = false;
  }
  const { folder: files, checkpoint: from } = begun
    ? resumeFolder(folder, run, simulation, start)
    : { folder: beginFolder(folder, run, simulation, start), checkpoint: start };
  try {
    return await execute({ configuration: run, simulation, from, folder: files, sampling, ...spoil(files) });
  } finally {
    files.close();
  }
}

const names = ["records.jsonl", "evaluations.jsonl", "checkpoint.safetensors", "summary.json"] as const;
const bytesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "hex")]));
const judgedIn = (folder: string): readonly JudgedRecord[] =>
  readFileSync(join(folder, "evaluations.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JudgedRecord);

describe.each([
  ["one evaluation a step", configuration],
  ["several evaluations a step", searching],
] as const)("x judged on its way, with %s", (name, run) => {
  const whole = (): string => at(`whole ${name}`);
  beforeAll(() => goOn(whole(), run));

  it("has a line for every n-th evaluation and the last, the last being that of the summary", () => {
    const lines = judgedIn(whole());
    const { evaluations, metrics } = JSON.parse(readFileSync(join(whole(), "summary.json"), "utf8")) as Summary;
    expect(lines.at(-1)).toEqual({ evaluation: evaluations, metrics });
    const due = Array.from({ length: Math.floor((evaluations - 1) / 6) }, (_, i) => 6 * (i + 1));
    // After the step in which the evaluation was.
    expect(lines.slice(0, -1).map(({ evaluation }) => Math.floor(evaluation / 6) * 6)).toEqual([...new Set(due)]);
    if (run === configuration) expect(lines.map(({ evaluation }) => evaluation)).toEqual([6, 12, 18, 20]);
    else expect(lines.some(({ evaluation }) => evaluation % 6 !== 0 && evaluation !== evaluations)).toBe(true);
  });

  it("changes nothing else", async () => {
    const { evaluateEvery: _, ...unwatched } = run;
    await goOn(at(`unwatched ${name}`), unwatched);
    for (const file of ["records.jsonl", "summary.json"])
      expect(readFileSync(at(`unwatched ${name}`, file)).equals(readFileSync(join(whole(), file)))).toBe(true);
    expect(() => readFileSync(at(`unwatched ${name}`, "evaluations.jsonl"))).toThrow("ENOENT");
  });

  it("leaves neither gaps nor duplicates, wherever a run dies or is interrupted", async () => {
    const moment = fc.record({
      what: fc.constantFrom("record", "judged", "checkpoint", "session", "finish", "interrupt" as const),
      count: fc.integer({ min: 1, max: 14 }),
      checkpointEvery: fc.constantFrom(1, 3, 7, 1000),
      torn: fc.boolean(),
    });
    let folders = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 3 }), async (moments) => {
        const folder = at(`${name} ${folders++}`);
        for (const { what, count, checkpointEvery, torn } of moments) {
          let calls = 0;
          const spoil = (files: RunFolder): Partial<Execution> => {
            if (what === "interrupt") return { isInterrupted: () => ++calls >= count };
            const dying = (...args: readonly never[]): void => {
              if (++calls === count) throw new Error("died");
              (files[what] as (...args: readonly never[]) => void)(...args);
            };
            return { folder: Object.create(files, { [what]: { value: dying } }) as RunFolder };
          };
          await goOn(folder, { ...run, checkpointEvery }, spoil).catch((error: Error) => expect(error.message).toBe("died"));
          // Half a line, as a death in the middle of writing leaves it.
          if (torn) writeFileSync(join(folder, "evaluations.jsonl"), '{"evaluation":6,"met', { flag: "a" });
        }
        expect(await goOn(folder, run)).not.toBeNull();
        expect(bytesOf(folder)).toEqual(bytesOf(whole()));
      }),
      { numRuns: full ? 100 : 6 },
    );
  });
});

describe("a run judged on its way", () => {
  beforeAll(() => goOn(at("run"), configuration));

  it("counts no time for that", async () => {
    const now = vi.spyOn(performance, "now").mockImplementation(() => clock);
    try {
      await goOn(at("timed"), configuration);
      const calls = { count: 0 };
      await goOn(at("interrupted"), configuration, () => ({ isInterrupted: () => ++calls.count === 2 }));
    } finally {
      now.mockRestore();
    }
    for (const folder of ["timed", "interrupted"])
      expect(JSON.parse(readFileSync(at(folder, "timings.json"), "utf8"))).toMatchObject({ seconds: 0 });
  });

  it("goes on judged otherwise, from where it stands", async () => {
    const calls = { count: 0 };
    const stopAt: Partial<RunConfiguration> = { checkpointEvery: 1 };
    await goOn(at("otherwise"), { ...configuration, ...stopAt }, (files) => ({
      folder: Object.create(files, {
        record: {
          value: (line: never) => {
            if (++calls.count === 9) throw new Error("died");
            files.record(line);
          },
        },
      }) as RunFolder,
    })).catch(() => {});
    await goOn(at("otherwise"), { ...configuration, evaluateEvery: 5 });
    expect(judgedIn(at("otherwise")).map(({ evaluation }) => evaluation)).toEqual([6, 10, 15, 20]);
  });

  it("is not gone on with where lines are missing that its checkpoint counts", async () => {
    await goOn(at("short"), configuration);
    truncateSync(at("short", "evaluations.jsonl"), 10);
    await expect(goOn(at("short"), configuration)).rejects.toThrow(/evaluations\.jsonl to have at least the \d+ bytes/);
  });

  it("is drawn with its training losses, and what is no loss by itself", async () => {
    const page = await savedRunPage(at("run"));
    const losses = judgedIn(at("run")).map(({ metrics }) => metrics[0]?.mean.toPrecision(4));
    expect(page.match(/<figure>/g)).toHaveLength(2);
    expect(page).toContain("Beside it the validation loss, whenever x was judged by examples that it was not trained on.");
    expect(page).toContain(`The validation loss goes from ${losses[0]} after 6 evaluations to ${losses.at(-1)} after 20.`);
    expect(page).toContain("The test accuracy goes from 0.2500 after 6 evaluations to 0.2500 after 20.");
    for (const label of ["training loss", "validation loss"]) expect(page).toContain(`>${label}</text>`);
  });

  it("says what came to be not finite", async () => {
    await goOn(at("not finite"), configuration);
    const file = at("not finite", "summary.json");
    const summary = JSON.parse(readFileSync(file, "utf8"));
    for (const metric of summary.metrics) Object.assign(metric, { mean: null, standardError: null });
    writeFileSync(file, JSON.stringify(summary));
    expect(await savedRunPage(at("not finite"))).toContain(`<p>${summary.metrics[0].name}: not finite, over `);
  });

  it("says which of its lines is none", async () => {
    await goOn(at("damaged"), configuration);
    writeFileSync(at("damaged", "evaluations.jsonl"), '{"evaluation":6}\n');
    await expect(savedRunPage(at("damaged"))).rejects.toThrow("expected { evaluation, metrics } in line 1 of");
  });

  it.each([
    [["--evaluate-every", "5"], "--evaluate-every needs --out"],
    [["--evaluate-every", "5", "--out", "never"], "--evaluate-every: rosenbrock has no examples to judge x by"],
    [["--evaluate-every", "0", "--out", "never"], "Expected an integer of at least 1"],
  ])("with %j is wrong usage", async (args, message) => {
    const { code, stderr } = await lodoHere(["run", "rosenbrock", "--optimizer", "adam", ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
