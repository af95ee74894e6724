import { optimizers } from "@lodo/optim";
import { architectures, type Domain, type Hyperparameters } from "@lodo/preconditioner";
import { ShapeError } from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeSeconds } from "../packages/experiments/src/cli/duration.ts";
import { explain, FailureError, UsageError } from "../packages/experiments/src/cli/errors.ts";
import { createProgress } from "../packages/experiments/src/cli/progress.ts";
import { resolveSettings } from "../packages/experiments/src/cli/settings.ts";
import { nearest } from "../packages/experiments/src/cli/suggest.ts";
import { emptyTally, finished, observe, summarise } from "../packages/experiments/src/run/tally.ts";
import { tasks } from "../packages/experiments/src/tasks/index.ts";

describe("resolveSettings", () => {
  /** A value of a domain that is not the default. */
  const other = (domain: Domain, otherwise: unknown): number | string =>
    domain.kind === "choice"
      ? (domain.choices.find((choice) => choice !== otherwise) as string)
      : domain.kind === "count"
        ? domain.min + 7
        : 0.123;

  const pairsFor = (options: Hyperparameters): readonly (readonly [string, number | string])[] =>
    Object.entries(options)
      .filter(([key]) => key !== "preconditioner")
      .map(([key, { domain, default: otherwise }]) => [key, other(domain, otherwise)]);

  it("reaches every option of every task, optimizer and preconditioner", () => {
    for (const task of tasks) {
      for (const optimizer of optimizers) {
        const preconditioners =
          "preconditioner" in optimizer.hyperparameters ? architectures.map(({ id }) => [["preconditioner", id] as const]) : [[]];
        for (const chosen of preconditioners) {
          const options = optimizer.hyperparametersWith?.(Object.fromEntries(chosen)) ?? optimizer.hyperparameters;
          const [ofTask, ofOptimizer] = [pairsFor(task.options), [...chosen, ...pairsFor(options)]];
          const set = [...ofTask, ...ofOptimizer].map(([key, value]) => `${key}=${value}`);
          expect(resolveSettings(task, optimizer, set)).toEqual({
            taskOptions: Object.fromEntries(ofTask),
            hyperparameters: Object.fromEntries(
              [...ofOptimizer].sort(([a], [b]) => Object.keys(options).indexOf(a) - Object.keys(options).indexOf(b)),
            ),
          });
        }
      }
    }
  });

  const rate = { default: 1, domain: { kind: "rate" }, about: "a rate" } as const;
  const task = { id: "t", options: { shared: rate, mine: rate } };
  const optimizer = { id: "o", hyperparameters: { shared: rate, own: rate } };

  it("wants a prefix where task and optimizer share a key", () => {
    expect(() => resolveSettings(task, optimizer, ["shared=2"])).toThrow(
      new UsageError("both t and o have an option shared: set task.shared or optimizer.shared"),
    );
    expect(resolveSettings(task, optimizer, ["task.shared=2", "optimizer.shared=3"])).toEqual({
      taskOptions: { shared: 2, mine: 1 },
      hyperparameters: { shared: 3, own: 1 },
    });
  });

  it("prefers what is set to the base, and the base to the defaults", () => {
    const base = { taskOptions: { mine: 4 }, hyperparameters: { own: 5, shared: 6, gone: 7 } };
    expect(resolveSettings(task, optimizer, ["own=8"], base)).toEqual({
      taskOptions: { shared: 1, mine: 4 },
      hyperparameters: { shared: 6, own: 8 },
    });
  });

  it("answers any text with settings or a usage error", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.constantFrom("own", "mine", "task.mine"), fc.string()).map((pair) => pair.join("=")),
        ),
        (text) => {
          try {
            resolveSettings(task, optimizer, [text]);
          } catch (error) {
            if (!(error instanceof UsageError)) throw error;
          }
        },
      ),
    );
  });
});

describe("createProgress", () => {
  const recorded = (isTTY: boolean) => {
    let text = "";
    let now = 0;
    const sink = {
      isTTY,
      columns: 120,
      write: (part: string) => {
        text += part;
        return true;
      },
      // What a terminal's stream has besides, for the bar.
      on: () => sink,
      removeListener: () => sink,
    };
    return { sink, clock: () => now, pass: (seconds: number) => (now += seconds), text: () => text };
  };

  it("writes plain lines at intervals, with rate and time remaining, where there is no terminal", () => {
    const { sink, clock, pass, text } = recorded(false);
    const progress = createProgress(sink, { label: "adam on t", total: 1000, unit: "steps", from: 100, clock, interval: 5 });
    pass(4);
    progress.update(150);
    expect(text()).toBe("");
    pass(4);
    progress.update(180, "a note");
    pass(1);
    progress.update(190);
    expect(text()).toBe("adam on t: 180/1000 steps, 10.0 steps/s, 1 min 22 s left, a note\n");
    progress.stop();
  });

  it("counts what turns out to have been done earlier as done, and not towards the rate", () => {
    for (const isTTY of [true, false]) {
      const { sink, clock, pass, text } = recorded(isTTY);
      const progress = createProgress(sink, { label: "adam on t", total: 1000, unit: "steps", from: 100, clock });
      pass(10);
      progress.update(500, "", 300);
      progress.stop();
      expect(text()).toMatch(/500\/1000 steps.* 20\.0 steps\/s.* 25 s left/);
    }
  });

  it("draws a bar with rate and time remaining on a terminal", () => {
    const { sink, clock, pass, text } = recorded(true);
    const progress = createProgress(sink, { label: "adam on t", total: 1000, unit: "steps", clock });
    pass(10);
    progress.update(500);
    progress.stop();
    expect(text()).toContain("50% · 500/1000 steps · 50.0 steps/s · 10 s left");
  });

  it("says nothing when quiet", () => {
    for (const isTTY of [true, false]) {
      const { sink, clock, pass, text } = recorded(isTTY);
      const progress = createProgress(sink, { label: "x", total: 2, unit: "steps", clock, quiet: true });
      pass(100);
      progress.update(1);
      progress.log("line");
      progress.stop();
      expect(text()).toBe("");
    }
  });
});

describe("nearest", () => {
  it("finds a name with a slip in it, and nothing for a stranger", () => {
    const names = ["lodo", "adam", "noisy-quadratic-bowl", "rosenbrock"];
    expect(["lod", "Adm", "quadratic", "rosenbrok", "xylophone", ""].map((typed) => nearest(typed, names))).toEqual([
      "lodo",
      "adam",
      "noisy-quadratic-bowl",
      "rosenbrock",
      undefined,
      undefined,
    ]);
    expect(nearest("a", [])).toBeUndefined();
  });
});

describe("explain", () => {
  it("tells usage from failure, and shows a stack for a defect alone", () => {
    expect(explain(new UsageError("u"))).toEqual({ code: 2, message: "u" });
    expect(explain(new FailureError("f"))).toEqual({ code: 1, message: "f" });
    expect(explain(new ShapeError("matmul", "expected this, got that"))).toEqual({ code: 1, message: "matmul: expected this, got that" });
    expect(explain(new TypeError("defect")).message).toContain("cli-parts.test.ts");
  });
});

describe("describeSeconds", () => {
  it("speaks as people do", () => {
    expect([0.44, 12, 185, 7640, Number.POSITIVE_INFINITY].map(describeSeconds)).toEqual([
      "0.4 s",
      "12 s",
      "3 min 05 s",
      "2 h 07 min",
      "unknown",
    ]);
  });
});

describe("tally", () => {
  const configuration = {
    task: "t",
    optimizer: "o",
    seed: 0,
    steps: 20,
    recordEvery: 1,
    checkpointEvery: 1,
    taskOptions: {},
    hyperparameters: {},
  };
  const tallied = (losses: readonly number[]) => losses.reduce((tally, loss) => observe(tally, loss, 20), emptyTally);

  it("scores the evaluations at 0.9 T < i < T", () => {
    const losses = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(summarise(configuration, tallied(losses))).toMatchObject({ meanTailLoss: 19, finalLoss: 20, evaluations: 20 });
    expect(finished(tallied(losses), 20)).toBe(true);
    expect(finished(tallied(losses.slice(1)), 20)).toBe(false);
  });

  it("has no score for a run that ended early, diverged or has nothing to score", () => {
    expect(summarise(configuration, { ...tallied([1, 2]), stopped: { kind: "singular-hessian", detail: "d" } })).toMatchObject({
      meanTailLoss: null,
      finalLoss: 2,
    });
    const diverged = tallied([...Array.from({ length: 19 }, () => 1), Number.NaN]);
    expect(finished(diverged, 20)).toBe(true);
    expect(summarise(configuration, diverged)).toMatchObject({ meanTailLoss: null, finalLoss: null, diverged: 20 });
    const refused = observe(tallied(Array.from({ length: 18 }, () => 2)), Number.POSITIVE_INFINITY, 20, { refused: true });
    expect(finished(refused, 20)).toBe(false);
    expect(refused).toMatchObject({ diverged: null, tailSum: 0, tailCount: 0 });
    expect(summarise({ ...configuration, steps: 1 }, observe(emptyTally, 3, 1))).toMatchObject({ meanTailLoss: null, finalLoss: 3 });
  });
});
