import { deserialize, serialize } from "@lodo/optim";
import { createArena, item, restoreRng, type Scalar, tensorsIn } from "@lodo/tensor";
import { Counterexample, expectSameBits, expectShape } from "../counterexample.ts";
import type { Law } from "../law.ts";
import { deepCopy, expectPlainTree, expectSameTree } from "../property/plainTree.ts";
import { drawLosses, near, type TaskSample } from "./taskSample.ts";

const DRAWS = 5;

export const shapeLaw: Law<TaskSample> = {
  name: "its start, layout and optimum are of its dim",
  check: ({ name, task, begin }) => {
    const { x } = begin();
    expectShape(`x₀ of ${name}`, x.shape, [task.dim]);
    if (task.optimum) expectShape(`the optimum of ${name}`, task.optimum.x.shape, [task.dim]);
    if (task.layout && task.layout.size !== task.dim)
      throw new Counterexample(`${name}: expected a layout of ${task.dim} numbers (dim), got ${task.layout.size}`);
    return 1;
  },
};

export const plainStateLaw: Law<TaskSample> = {
  name: "its state is a plain tree",
  check: ({ name, task, begin }) => {
    const start = begin();
    expectPlainTree(`the state of ${name} before its first draw`, start.state);
    expectPlainTree(`the state of ${name} after its draws`, drawLosses(task, start, DRAWS).stream.state);
    return 2;
  },
};

export const deterministicLaw: Law<TaskSample> = {
  name: "the same seed gives the same bits, whatever was drawn in between",
  check: (sample, rng) => {
    const { name, task, begin, make } = sample;
    const p = near(rng, begin().x);
    const outcome = (of: typeof task): unknown => {
      const start = begin(of);
      const { losses, stream } = drawLosses(of, start, DRAWS);
      return { start, values: losses.map((loss) => loss.value(p)), state: stream.state, draws: Int32Array.from(stream.draws.stream) };
    };
    const once = outcome(task);
    task.init(rng);
    expectSameTree(`${name} drawn again`, outcome(task), once);
    expectSameTree(`${name} built again`, outcome(make()), once);
    return 2;
  },
};

export const sameLossLaw: Law<TaskSample> = {
  name: "a loss is the same function at every call, also after later draws",
  check: ({ name, task, begin }, rng) => {
    const start = begin();
    const p = near(rng, start.x);
    const { losses, stream } = drawLosses(task, start, DRAWS);
    const values = (): readonly Scalar[] => losses.map((loss) => loss.value(p));
    const once = values();
    drawLosses(task, stream, DRAWS);
    expectSameTree(`the losses of ${name} at one point`, values(), once);
    for (const value of once) expectShape(`a loss of ${name}`, value.shape, []);
    return DRAWS;
  },
};

export const pureLaw: Law<TaskSample> = {
  name: "changes neither the state nor the x that it is given",
  check: ({ name, task, begin }, rng) => {
    const start = begin();
    const given = { start, p: near(rng, start.x) };
    const before = deepCopy(given);
    for (const loss of drawLosses(task, start, DRAWS).losses) loss.value(given.p);
    expectSameTree(`what ${name} was given`, given, before);
    return 1;
  },
};

export const resumeLaw: Law<TaskSample> = {
  name: "resumed from a saved state it draws the same losses, to the bit",
  check: ({ name, task, make, begin }, rng) => {
    const { stream } = drawLosses(task, begin(), DRAWS);
    const p = near(rng, stream.x);
    const file = serialize({ x: stream.x, state: stream.state });
    const rest = (of: typeof task, from: typeof stream): unknown => {
      const { losses, stream: end } = drawLosses(of, from, DRAWS);
      return { values: losses.map((loss) => loss.value(p)), state: end.state };
    };
    const expected = rest(task, stream);
    const loaded = deserialize(file) as Pick<typeof stream, "x" | "state">;
    expectSameTree(`${name} resumed from a file`, rest(make(), { ...stream, ...loaded }), expected);
    return DRAWS;
  },
};

/** As a run does: each draw in an arena, whose end is the end of every tensor that the state does not hold. */
export const arenaLaw: Law<TaskSample> = {
  name: "draws in an arena, to the same bits",
  check: ({ name, task, make, begin }, rng) => {
    const start = begin();
    const p = near(rng, start.x);
    const expected = drawLosses(task, start, DRAWS).losses.map((loss) => item(loss.value(p)));
    const fresh = make();
    const arena = createArena();
    const draws = restoreRng(start.draws);
    let state = deepCopy(start.state);
    const got = expected.map(() => {
      const step = () => {
        const [loss, after] = fresh.draw(state, draws);
        return { value: loss.value(p), state: after };
      };
      const next = arena.run(step, tensorsIn, tensorsIn(state));
      ({ state } = next);
      return item(next.value);
    });
    expectSameBits(`the losses of ${name} in an arena`, got, expected);
    return DRAWS;
  },
};
