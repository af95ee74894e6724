import { advance, begin, noisyQuadraticBowl, type Snapshot, streams, tunedValues } from "@lodo/experiments";
import { optimizers } from "@lodo/optim";
import { createArena } from "@lodo/tensor";
import type { Contender, Workload } from "../contest.ts";

const STEPS = 50;

/** Steps of each optimizer on the noisy quadratic bowl at n = 100, through the public API. */
export function bowlWorkload(ids: readonly string[]): Workload {
  const contenders = ids.map((id): Contender => {
    const registered = optimizers.find((optimizer) => optimizer.id === id);
    if (!registered) throw new Error(`bowl: no optimizer "${id}"`);
    const s = streams(1);
    const task = noisyQuadraticBowl(s.problem);
    const optimizer = registered.create({ dim: task.dim, rng: s.structure }, tunedValues(task.name, id));
    const arena = createArena();
    let snapshot: Snapshot = begin(task, optimizer, s);
    return {
      name: id,
      run() {
        for (let t = 0; t < STEPS; t++) snapshot = advance(task, optimizer, snapshot, arena).snapshot;
      },
    };
  });
  return { name: "bowl n = 100", work: STEPS, unit: "steps/s", contenders, check: () => {} };
}
