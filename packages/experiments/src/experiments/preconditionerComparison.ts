import { architectures, type Cost, layersToMix, type RegisteredArchitecture } from "@lodo/preconditioner";
import { add, createRng, map, normal, type Tensor } from "@lodo/tensor";
import type { BackendChoice } from "../backends/choice.ts";
import { type Assignment, describeAssignment } from "../pool/jobs.ts";
import { runJobs } from "../pool/runJobs.ts";
import { tunedValues, type Values } from "../tunedValues.ts";
import { table1 } from "./table1.ts";
import type { Trial, TrialResult } from "./trial.ts";

const task = "noisy-quadratic-bowl";

/** One architecture beside the others. */
export interface ComparedPreconditioner extends Cost {
  readonly id: string;
  /** Layers until every input reaches every output; null where it never does. */
  readonly layersToMix: number | null;
  /** Of LODO on the bowl, without the evaluation of metrics. Differs from run to run. */
  readonly stepsPerSecond: number;
  /** Mean loss over 0.9 T < i < T; null if the run diverged. */
  readonly loss: number | null;
  /** ‖I − G H‖_F / √n after the last step, estimated with 100 random unit vectors; null if the run diverged. */
  readonly inverseHessianError: number | null;
  /** The step whose loss was not finite, if there was one. */
  readonly divergedAt: number | null;
}

export interface ComparisonOptions {
  /** n */
  readonly dim: number;
  /** Evaluations of the loss. */
  readonly steps: number;
  readonly seed: number;
  readonly workers?: number;
  /** What computes; the reference unless told. */
  readonly backend?: BackendChoice;
  readonly onProgress?: (evaluations: number) => void;
  /** Ends the comparison when it aborts. */
  readonly signal?: AbortSignal;
}

/** A run of a comparison that failed otherwise than by diverging. */
export class ComparisonError extends Error {
  override readonly name = "ComparisonError";
}

/** Every architecture, at its default sizes. */
export const comparisonWork = ({ steps }: Pick<ComparisonOptions, "steps">): number => architectures.length * steps;

/** LODO's hyperparameters in the comparison: those of Table 6 for the bowl, tuned with block permutations, for all. */
export const comparisonValues: Values = tunedValues(task, "lodo");

/**
 * Runs LODO with every architecture on the bowl. All but the times depends on n, steps and seed alone.
 * @throws ComparisonError if a run fails for another reason than divergence; InterruptedError if `signal` aborts.
 */
export async function comparePreconditioners({
  dim,
  steps,
  seed,
  ...options
}: ComparisonOptions): Promise<readonly ComparedPreconditioner[]> {
  const outcomes = await runJobs(
    architectures.map(({ id }) => assignmentOf(id, dim, steps, seed)),
    options,
  );
  return architectures.map((architecture, i) => {
    const outcome = outcomes[i];
    if (!outcome?.ok)
      throw new ComparisonError(`${describeAssignment(assignmentOf(architecture.id, dim, steps, seed))}: ${outcome?.error}`);
    const { score, divergedAt, inverseError } = outcome.result as TrialResult;
    return {
      id: architecture.id,
      ...architecture.cost({ dim }),
      layersToMix: mixingOf(architecture, dim, seed),
      stepsPerSecond: (divergedAt ?? steps) / outcome.seconds,
      loss: score,
      inverseHessianError: divergedAt === null ? (inverseError?.at(-1)?.error ?? null) : null,
      divergedAt,
    };
  });
}

/** A trial as Table 1 runs them, with another preconditioner. */
function assignmentOf(preconditioner: string, dim: number, steps: number, seed: number): Assignment {
  const job: Trial = {
    name: "lodo",
    column: preconditioner,
    seed,
    evaluations: steps,
    task,
    taskValues: { dim },
    values: { ...comparisonValues, preconditioner },
    record: { inverseError: { spacing: "linear", count: 1 } },
  };
  return { experiment: table1.id, job };
}

/** At a θ away from the start, where the entries that can be other than 0 are. */
function mixingOf(architecture: RegisteredArchitecture, dim: number, seed: number): number | null {
  const rng = createRng(seed).split("mixing");
  const G = architecture.create({ dim, rng }, {});
  return layersToMix(G.at(map((t: Tensor) => add(t, normal(rng, t.shape)), G.init(rng))));
}
