import { advance, begin, noisyQuadraticBowl, type Snapshot, streams, tunedValues } from "@lodo/experiments";
import { optimizers, type Task } from "@lodo/optim";
import { createArena, type DType, withBackend } from "@lodo/tensor";
import type { Contender } from "../workload.ts";
import { type BackendName, ours } from "./ours.ts";
import { bowlInFloat32 } from "./singlePrecision.ts";

/** Steps in one repetition. */
export const STEPS = 50;

/** An optimizer on the noisy quadratic bowl through the public API, one step an arena, as runs make them. What it computes is its first losses. */
export async function onBowl(id: string, backend: BackendName, dtype: DType, dim: number): Promise<Contender> {
  const registered = optimizers.find((optimizer) => optimizer.id === id);
  if (!registered) throw new Error(`no optimizer "${id}"`);
  const us = await ours(backend);
  const start = (): (() => readonly number[]) =>
    withBackend(us.backend, () => {
      const s = streams(1);
      const bowl = noisyQuadraticBowl(s.problem, { dim });
      const task: Task<never, never> = (dtype === "float32" ? bowlInFloat32(bowl) : bowl) as never;
      const optimizer = registered.create({ dim, dtype, rng: s.structure } as never, tunedValues(bowl.name, id));
      const arena = createArena();
      let snapshot: Snapshot = begin(task as never, optimizer, s);
      return () => {
        const next = advance(task as never, optimizer, snapshot, arena);
        snapshot = next.snapshot;
        return next.losses;
      };
    });
  const step = start();
  return {
    name: `${id}, ${us.name} ${dtype}`,
    run: () =>
      withBackend(us.backend, () => {
        for (let t = 0; t < STEPS; t++) step();
      }),
    result: () => {
      const fresh = start();
      return withBackend(us.backend, () => Array.from({ length: 10 }, fresh).flat());
    },
    close: us.close,
  };
}
