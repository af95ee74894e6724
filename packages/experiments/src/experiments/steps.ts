import type { Optimizer } from "@lodo/optim";
import { createArena } from "@lodo/tensor";
import type { Simulation } from "../run/simulate.ts";
import { type Advance, advance } from "../simulation.ts";
import { discard } from "../withArena.ts";

/** Takes no step: what is left of a run whose optimizer has converged. */
const stay: Optimizer<null> = {
  name: "stay",
  requires: new Set(),
  init: () => null,
  update: (objective, x) => ({ x, state: null, evaluations: [objective.value(x)] }),
};

/** What steps are taken by. */
export type Steppers = Pick<Simulation, "task" | "optimizer">;

/** A step, and whether those after it stay where it is. */
export interface Step extends Advance {
  readonly stays: boolean;
}

/** Where a run goes on from. */
interface From extends Steppers, Pick<Simulation, "start"> {
  /** Whether its optimizer has converged. */
  readonly stays?: boolean;
}

/**
 * The steps of a run, without an end of its own. An optimizer that has converged stays where it is, and the loss goes on being evaluated there. One
 * that stops for another reason ends the run: its last step says why. When nobody asks for more, the last snapshot dies. Whoever asks for a step may hand over
 * a task and an optimizer to go on with in place of those before.
 */
export function* stepsOf({ start, stays: stayed = false, ...given }: From): Generator<Step, void, Steppers | undefined> {
  const arena = createArena();
  let { task } = given;
  let stays = stayed;
  let optimizer = stays ? stay : given.optimizer;
  let snapshot = start;
  try {
    while (true) {
      const step = advance(task, optimizer, snapshot, arena);
      const { stop, ...going } = step;
      snapshot = step.snapshot;
      if (stop?.kind === "converged") {
        stays = true;
        optimizer = stay;
        snapshot = { ...snapshot, optimizer: null };
        yield { ...going, snapshot, stays };
      } else {
        const others = yield { ...step, stays };
        if (stop) return;
        if (others) ({ task, optimizer } = others);
      }
    }
  } finally {
    // Also where nobody asks for the next step.
    discard(arena, snapshot);
    arena.close();
  }
}
