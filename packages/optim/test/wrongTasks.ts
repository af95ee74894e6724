import type { Objective, Task } from "@lodo/optim";
import { complete, count } from "@lodo/preconditioner";
import {
  add,
  createRng,
  dot,
  eye,
  item,
  mul,
  normal,
  type Rng,
  type Scalar,
  scale,
  stopGradient,
  sub,
  sum,
  type Vector,
  vector,
  zeros,
} from "@lodo/tensor";
import type { TaskSource } from "@lodo/testkit";

/** What is wrong, and a word from the name of each law that must notice. */
export interface WrongTask {
  readonly source: TaskSource;
  readonly noticedBy: readonly string[];
}

interface Centre {
  readonly centre: Vector;
}

type Loss = Objective & Record<string, unknown>;

const options = { dim: count(4, 1, "n") };

/** ½ ‖x − c‖² with a centre that wanders. */
const bowl = (n: number): Task<Centre, Loss> => ({
  name: "bowl",
  dim: n,
  init: () => ({ x: zeros([n]), state: { centre: zeros([n]) } }),
  draw: ({ centre }, rng) => {
    const c = add(centre, normal(rng, [n]));
    return [{ value: (x: Vector) => half(sub(x, c)) }, { centre: c }];
  },
});

const half = (r: Vector): Scalar => scale(0.5, dot(r, r));

const sourceOf = (id: string, create: (n: number, rng: Rng) => Task): TaskSource => ({
  id,
  options,
  create: (rng, values) => create(complete(id, options, values).dim, rng),
});

const wrong = <S, O extends Objective>(
  id: string,
  noticedBy: readonly string[],
  create: (n: number, rng: Rng) => Task<S, O>,
): WrongTask => ({
  noticedBy,
  source: sourceOf(id, (n, rng) => create(n, rng) as unknown as Task),
});

/** The bowl with its losses changed. */
const withLoss = (n: number, change: (loss: Loss, c: Vector) => Loss): Task<Centre, Loss> => {
  const task = bowl(n);
  return {
    ...task,
    draw: (state, rng) => {
      const [loss, after] = task.draw(state, rng);
      return [change(loss, after.centre), after];
    },
  };
};

const everywhere = createRng(1);

/** A task of which nothing is wrong. */
export const rightTask: TaskSource = sourceOf(
  "right",
  (n) =>
    ({
      ...withLoss(n, (loss) => ({ ...loss, hessian: () => eye(n), hessianSolve: (_: Vector, v: Vector) => v })),
    }) as unknown as Task,
);

/** Tasks that each break something, and everything here that looks right is. */
export const wrongTasks: readonly WrongTask[] = [
  wrong("starts in another space", ["of its dim"], (n) => ({ ...bowl(n), dim: n + 1 })),
  wrong("has a layout of another size", ["of its dim"], (n) => ({ ...bowl(n), layout: { size: n + 1, slices: [] } })),
  wrong("keeps a generator in its state", ["plain tree"], (n) => ({
    ...bowl(n),
    init: (rng: Rng) => ({ x: zeros([n]), state: { centre: zeros([n]), rng } }),
  })),
  wrong("draws from a generator of its own", ["same seed"], (n) => ({
    ...bowl(n),
    draw: (state: Centre) => bowl(n).draw(state, everywhere),
  })),
  wrong("is built from a generator of its own", ["same seed"], (n) => {
    const shift = everywhere.normal();
    return withLoss(n, ({ value }) => ({ value: (x) => add(value(x), shift) }));
  }),
  wrong("is noisy at every call", ["same function"], (n) =>
    withLoss(n, ({ value }) => ({ value: (x) => add(value(x), everywhere.uniform()) })),
  ),
  wrong("has one loss for all draws", ["same function"], (n) => {
    let last = zeros([n]) as Vector;
    return withLoss(n, (_, c) => {
      last = c;
      return { value: (x) => half(sub(x, last)) };
    });
  }),
  wrong("overwrites its state", ["changes neither"], (n) => ({
    ...bowl(n),
    draw: (state: Centre, rng: Rng) => {
      const [loss, after] = bowl(n).draw(state, rng);
      state.centre.storage.set(0, item(sum(after.centre)));
      return [loss, after];
    },
  })),
  wrong("overwrites x", ["changes neither"], (n) =>
    withLoss(n, ({ value }) => ({
      value: (x) => {
        const loss = value(x);
        if (!x.trace) x.storage.set(0, 7);
        return loss;
      },
    })),
  ),
  wrong("keeps part of its state to itself", ["resumed", "same seed"], (n) => {
    let t = 0;
    return withLoss(n, ({ value }) => {
      const draw = t++;
      return { value: (x) => scale(1 + draw, value(x)) };
    });
  }),
  wrong("keeps a tensor of its first draw", ["arena"], (n) => {
    let first: Vector | null = null;
    return withLoss(n, ({ value }, c) => {
      first ??= mul(c, 0);
      const kept = first;
      return { value: (x) => add(value(x), sum(kept)) };
    });
  }),
  wrong("has a wrong gradient", ["gradient agrees"], (n) =>
    withLoss(n, ({ value }) => ({ value: (x) => add(value(x), scale(1e-4, sum(stopGradient(mul(x, x))))) })),
  ),
  wrong("has a Hessian that is too long", ["is that of autodiff"], (n) =>
    withLoss(n, ({ value }) => ({ value, hessian: () => scale(1 + 1e-8, eye(n)) })),
  ),
  wrong("has a Hessian as autodiff sees it only", ["is that of autodiff"], (n) =>
    withLoss(n, (_, c) => {
      const held = (x: Vector): Scalar => dot(stopGradient(sub(x, c)), sub(x, c));
      return { value: (x) => held(x), hessian: () => scale(0, eye(n)) };
    }),
  ),
  wrong("solves with another matrix", ["solve with the Hessian"], (n) =>
    withLoss(n, ({ value }) => ({ value, hessian: () => eye(n), hessianSolve: (_: Vector, v: Vector) => scale(1 + 1e-9, v) })),
  ),
  wrong("has its optimum elsewhere", ["its optimum"], (n) => ({
    ...bowl(n),
    draw: () => [{ value: half }, { centre: zeros([n]) }],
    optimum: { x: vector(new Array(n).fill(1e-6)), value: 0 },
  })),
  wrong("has its optimum at another height", ["its optimum"], (n) => ({
    ...bowl(n),
    draw: () => [{ value: half }, { centre: zeros([n]) }],
    optimum: { x: zeros([n]), value: 1e-6 },
  })),
  wrong("takes a saddle for its optimum", ["its optimum"], (n) => ({
    ...bowl(n),
    draw: () => [{ value: (x: Vector) => scale(-1, half(x)) }, { centre: zeros([n]) }],
    optimum: { x: zeros([n]), value: 0 },
  })),
  {
    noticedBy: ["refuses options"],
    source: {
      id: "takes any dim",
      options,
      create: (_, { dim }) => bowl(typeof dim === "number" && dim >= 1 ? dim : 4) as unknown as Task,
    },
  },
];
