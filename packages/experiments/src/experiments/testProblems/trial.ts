import type { StopReason } from "@lodo/optim";
import { type Arena, createRng, item } from "@lodo/tensor";
import { simulate } from "../../run/simulate.ts";
import { advance } from "../../simulation.ts";
import type { Values } from "../../tunedValues.ts";
import { withArena } from "../../withArena.ts";
import type { Job, JobContext } from "../experiment.ts";
import { configurationOf } from "../trial.ts";

/** How near to its least value f has to come. */
export const NEAR = 1e-8;

/** One optimizer on one test problem, from its standard start. */
export interface TestProblemTrial extends Job {
  readonly task: string;
  readonly taskValues: Values;
  /** Hyperparameters of the optimizer. */
  readonly values: Values;
}

export interface TestProblemResult {
  /** f − f* where the run ends; null if f is not finite there. */
  readonly score: number | null;
  /** Evaluations of f, up to the first that is within 1e-8 of f* if one is. */
  readonly evaluations: number;
  readonly end: "near" | "evaluations" | StopReason["kind"];
  /** What the optimizer says of its end. */
  readonly detail: string;
}

/** Runs until f is within 1e-8 of its least value, the optimizer stops, or the evaluations are used up. */
export const runTestProblem = (trial: TestProblemTrial, context: JobContext): TestProblemResult =>
  withArena((arena) => runIn(arena, trial, context));

function runIn(arena: Arena, trial: TestProblemTrial, { tick, untimed }: JobContext): TestProblemResult {
  const T = trial.evaluations;
  const { task, optimizer, start } = simulate(configurationOf(trial, T));
  const least = task.optimum?.value ?? 0;
  const [objective] = task.draw(start.task, createRng(0));
  const at = (score: number, rest: Omit<TestProblemResult, "score">): TestProblemResult => {
    tick(T);
    return { score: Number.isFinite(score) ? score : null, ...rest };
  };

  let evaluations = 0;
  for (let snapshot = start; ; ) {
    const step = advance(task, optimizer, snapshot, arena);
    snapshot = step.snapshot;
    for (const loss of step.losses.slice(0, T - evaluations)) {
      evaluations++;
      if (loss - least <= NEAR) return at(loss - least, { evaluations, end: "near", detail: "" });
    }
    if (!step.stop && evaluations < T) continue;
    const score = untimed(() => item(objective.value(snapshot.x)) - least);
    return at(score, { evaluations, end: step.stop?.kind ?? "evaluations", detail: step.stop?.detail ?? "" });
  }
}
