import type { Optimizer, Task, TwiceDifferentiable } from "@lodo/optim";
import { architectures, type LinearOperator, type Preconditioner } from "@lodo/preconditioner";
import { createRng, type Params, restoreRng } from "@lodo/tensor";
import type { Snapshot } from "../simulation.ts";
import type { Values } from "../tunedValues.ts";
import { withArena } from "../withArena.ts";
import { inverseHessianError, unitVectors } from "./inverseHessianError.ts";

export interface InverseErrorPoint {
  /** Evaluations so far. */
  readonly step: number;
  readonly error: number;
}

export interface InverseErrorRecorder {
  /** Measures if this is one of the steps to measure at. */
  observe(step: number, snapshot: Snapshot): void;
  readonly points: readonly InverseErrorPoint[];
}

/** How many random unit vectors the paper's estimate takes. */
const probes = 100;

/**
 * Follows ‖I − G(θ_t) H‖_F / √n along a run of LODO, at step 0 and at the steps of `at`, with the same unit vectors throughout. Reads the run's
 * state and draws from a stream of its own. Goes on after the points `before`.
 */
export function inverseErrorRecorder(
  { seed, values }: { readonly seed: number; readonly values: Values },
  task: Task,
  optimizer: Pick<Optimizer, "fixed">,
  at: readonly number[],
  before: readonly InverseErrorPoint[] = [],
): InverseErrorRecorder {
  const G = preconditionerOf(task.dim, optimizer, values);
  const vectors = unitVectors(createRng(seed).split("metrics"), probes, task.dim);
  const steps = new Set([0, ...at]);
  const points = [...before];
  return {
    points,
    observe(step, snapshot) {
      if (!steps.has(step)) return;
      const error = withArena((arena) =>
        arena.run(
          () => inverseHessianError(learned(G, snapshot), hessianAt(task, snapshot), vectors),
          () => [],
        ),
      );
      points.push({ step, error });
    },
  };
}

/** G(θ_t) */
const learned = (G: Preconditioner, { optimizer }: Snapshot): LinearOperator => G.at((optimizer as { readonly theta: Params }).theta);

/** H of the loss that comes next; drawing it leaves the snapshot as it was. */
function hessianAt(task: Task, { task: state, draws, x }: Snapshot): ReturnType<TwiceDifferentiable["hessian"]> {
  const [objective] = task.draw(state, restoreRng(draws));
  return (objective as TwiceDifferentiable).hessian(x);
}

/** The preconditioner that LODO's registration builds from these values, around the structure that the optimizer has fixed. */
export function preconditionerOf(dim: number, { fixed = {} }: Pick<Optimizer, "fixed">, values: Values): Preconditioner {
  const id = values["preconditioner"] ?? "block-permutation";
  const architecture = architectures.find((candidate) => candidate.id === id);
  if (!architecture) throw new RangeError(`no preconditioner "${id}"; there are ${architectures.map((a) => a.id).join(", ")}`);
  const own = Object.entries(values).filter(([key]) => key in architecture.hyperparameters);
  return architecture.create({ dim }, { ...Object.fromEntries(own), ...fixed });
}
