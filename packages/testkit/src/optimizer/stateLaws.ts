import { deserialize, serialize, type Update } from "@lodo/optim";
import { ArgumentError, array, createArena, item, scale, sub, tensorsIn, type Vector } from "@lodo/tensor";
import { Counterexample, expectSameBits } from "../counterexample.ts";
import type { Law } from "../law.ts";
import { deepCopy, expectPlainTree, expectSameTree, sameTree, sizeOf } from "../property/plainTree.ts";
import {
  type AnyOptimizer,
  choicesOf,
  continueRun,
  type FullObjective,
  type OptimizerSample,
  offering,
  type Run,
} from "./optimizerSample.ts";

/** An optimizer with its loss and the point before its first step. */
function begin(
  sample: OptimizerSample,
  optimizer = sample.make(),
): { readonly optimizer: AnyOptimizer; readonly loss: FullObjective; readonly start: { readonly x: Vector; readonly state: unknown } } {
  const { objective, x0 } = sample.problem();
  return { optimizer, loss: offering(objective, optimizer), start: { x: x0, state: optimizer.init(x0, sample.startRng()) } };
}

export const plainStateLaw: Law<OptimizerSample> = {
  name: "its state is a plain tree, and what is fixed too",
  check: (sample) => {
    const { optimizer, loss, start } = begin(sample);
    expectPlainTree(`the state of ${sample.name} before the first step`, start.state);
    const { state } = continueRun(optimizer, loss, start, 3);
    expectPlainTree(`the state of ${sample.name} after three steps`, state);
    expectPlainTree(`what is fixed in ${sample.name}`, optimizer.fixed ?? {});
    return 3;
  },
};

const outcome = ({ x, state, updates }: ReturnType<typeof continueRun>): unknown => ({
  x,
  state,
  losses: updates.flatMap(({ evaluations }) => evaluations),
});

export const deterministicLaw: Law<OptimizerSample> = {
  name: "the same seed gives the same bits, whatever ran in between",
  check: (sample, rng) => {
    const first = begin(sample);
    const once = outcome(continueRun(first.optimizer, first.loss, first.start, 6));
    first.optimizer.init(first.start.x, rng);
    expectSameTree(`${sample.name} run again`, outcome(continueRun(first.optimizer, first.loss, first.start, 6)), once);
    const again = begin(sample);
    expectSameTree(`what is fixed in ${sample.name} built again`, again.optimizer.fixed ?? {}, first.optimizer.fixed ?? {});
    expectSameTree(`${sample.name} built again`, outcome(continueRun(again.optimizer, again.loss, again.start, 6)), once);
    return 3;
  },
};

export const pureLaw: Law<OptimizerSample> = {
  name: "changes neither the x nor the state that it is given",
  check: (sample) => {
    const { optimizer, loss, start } = begin(sample);
    let point: { readonly x: Vector; readonly state: unknown } = start;
    for (let t = 0; t < 4; t++) {
      const given = { x: point.x, state: point.state };
      const before = deepCopy(given);
      point = optimizer.update(loss, point.x, point.state);
      expectSameTree(`what ${sample.name} was given at step ${t + 1}`, given, before);
    }
    return 4;
  },
};

/**
 * The state is all that a run needs to go on, and nothing in it is idle: a state with tensors in it, left out, is missed. That is judged at the
 * default hyperparameters, because others (a decay of 0) may switch a memory off; while x still moves and the method has not ended: at the minimum
 * there is nothing to miss; and where n > 1: at n = 1 the Hessian is 1, and a method that starts from the identity has nothing to learn. A method that
 * sees signs alone may go the same way with its memory and without, until the gradient turns: so it is asked again at the mirror image of x, on the
 * other side of the minimum.
 */
export const resumeLaw: Law<OptimizerSample> = {
  name: "resumed from a saved state it goes on to the same bits, and a cold start does not",
  check: (sample) => {
    const { optimizer, loss, start } = begin(sample);
    const middle = continueRun(optimizer, loss, start, 5);
    const saved = deepCopy({ x: middle.x, state: middle.state });
    const file = serialize(saved);
    const end = outcome(continueRun(optimizer, loss, middle, 5));
    expectSameTree(`${sample.name} resumed from a copy`, outcome(continueRun(sample.make(), loss, saved, 5)), end);
    const loaded = deserialize(file) as typeof saved;
    expectSameTree(`${sample.name} resumed from a file`, outcome(continueRun(sample.make(), loss, loaded, 5)), end);

    const usual = begin(sample, sample.make({ values: choicesOf(sample) }));
    if (sizeOf(usual.start.state) === 0 || sample.dim === 1) return 2;
    const halfway = continueRun(usual.optimizer, usual.loss, usual.start, 5);
    const ends = (x: Vector): readonly Run[] => {
      const states = [halfway.state, usual.optimizer.init(x, sample.startRng())];
      return states.map((state) => continueRun(usual.optimizer, usual.loss, { x, state }, 5));
    };
    const [warmEnd, coldEnd] = ends(halfway.x);
    if (sameTree(warmEnd?.x, halfway.x) || warmEnd?.updates.at(-1)?.stop) return 2;
    if (!sameTree(warmEnd?.x, coldEnd?.x)) return 3;
    // 2c − x
    const [warmBeyond, coldBeyond] = ends(sub(scale(2, sample.problem().c), halfway.x));
    if (sameTree(warmBeyond?.x, coldBeyond?.x))
      throw new Counterexample(`${sample.name}: expected a cold start to end elsewhere, got the same x`);
    return 3;
  },
};

/** Else a run could not be made longer: its first steps would have been others. */
export const lengthLaw: Law<OptimizerSample> = {
  name: "moves alike however long the run is to be, or refuses to be made without knowing",
  check: (sample) => {
    const unknown = unlessRefused(() => sample.make({ steps: 0 }));
    if (unknown === "refused") return 0;
    const [anyLength, short, long] = [unknown, sample.make({ steps: 6 }), sample.make()].map((optimizer) => {
      const { loss, start } = begin(sample, optimizer);
      return outcome(continueRun(optimizer, loss, start, 6));
    });
    expectSameTree(`${sample.name} in a run of 6 steps`, short, anyLength);
    expectSameTree(`${sample.name} in a longer run`, long, anyLength);
    return 2;
  },
};

function unlessRefused<T>(make: () => T): T | "refused" {
  try {
    return make();
  } catch (error) {
    if (error instanceof ArgumentError) return "refused";
    throw error;
  }
}

/**
 * The same numbers from reused memory as from fresh memory; and what waits for reuse does not grow once the loop has settled. It may reach a new
 * height once, where a state that has grown so far (a history) stops, and what the step made for it comes back.
 */
export const arenaLaw: Law<OptimizerSample> = {
  name: "runs in an arena, to the same bits and in flat memory",
  check: (sample) => {
    const steps = 24;
    const { optimizer, loss, start } = begin(sample);
    const free = continueRun(optimizer, loss, start, steps);
    const arena = createArena();
    const pooled: number[] = [];
    const losses: number[] = [];
    let point = deepCopy({ x: start.x, state: start.state });
    for (let t = 0; t < free.updates.length; t++) {
      const step = (): Update<unknown> => optimizer.update(loss, point.x, point.state);
      const { x, state, evaluations } = arena.run(step, tensorsIn, tensorsIn(point));
      losses.push(...evaluations.map(item));
      point = { x, state };
      pooled.push(arena.pooledBytes);
    }
    expectSameBits(`x of ${sample.name} in an arena`, array(point.x), array(free.x));
    expectSameTree(`the state of ${sample.name} in an arena`, point.state, free.state);
    const settled = pooled.slice(free.updates.length / 2);
    const records = settled.filter((bytes, t) => t > 0 && bytes > Math.max(...settled.slice(0, t)));
    if (records.length > 1)
      throw new Counterexample(`${sample.name} in an arena: expected flat memory, got ${settled} bytes waiting for reuse`);
    return settled.length;
  },
};
