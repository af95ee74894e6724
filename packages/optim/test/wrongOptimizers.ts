import {
  adam,
  descend,
  type GradientTransform,
  momentum,
  type Objective,
  type Optimizer,
  type Problem,
  type RegisteredOptimizer,
  sgd,
  type TwiceDifferentiable,
} from "@lodo/optim";
import {
  add,
  array,
  cast,
  concat,
  createRng,
  equal,
  item,
  mul,
  normal,
  scale,
  slice,
  solve,
  sub,
  type Tensor,
  type Vector,
  valueAndGrad,
  where,
  zeros,
  zerosLike,
} from "@lodo/tensor";

/** What is wrong, and a word from the name of each law that must notice. */
export interface WrongOptimizer {
  readonly registered: RegisteredOptimizer;
  readonly noticedBy: readonly string[];
}

const wrong = <S, O extends Objective>(
  id: string,
  noticedBy: readonly string[],
  create: (problem: Problem) => Optimizer<S, O>,
): WrongOptimizer => ({
  noticedBy,
  registered: {
    id,
    summary: id,
    reference: "wrong on purpose",
    hyperparameters: {},
    tunable: [],
    create: (problem, values) => {
      const [unknown] = Object.keys(values);
      if (unknown !== undefined) sgd({ [unknown]: 1, learningRate: 1 });
      return create(problem) as unknown as Optimizer<unknown, never>;
    },
  },
});

const gradientOf = (objective: { value(x: Vector): Tensor<readonly []> }, x: Vector) => valueAndGrad((x: Vector) => objective.value(x))(x);

/** Steps −η(state) g with a state of numbers. */
const stepping = <S>(init: () => S, next: (state: S) => S, η: (state: S) => number): Optimizer<S> =>
  descend({ name: "stepping", init, update: (g, state) => [scale(-η(state), g), next(state)] });

/** A transform after another, on gradients changed first. */
const onGradients = <S>(transform: GradientTransform<Vector, S>, change: (g: Vector, x: Vector) => Vector): Optimizer<S> =>
  descend({ ...transform, update: (g, state, x) => transform.update(change(g, x), state, x) });

const everywhere = createRng(1);
const modest = { learningRate: 0.1 };

/** Optimizers that each break something, and everything here that looks right is. */
export const wrongOptimizers: readonly WrongOptimizer[] = [
  wrong("climbs", ["descends"], () => onGradients(sgd(modest), (g) => scale(-1, g))),
  wrong("decays its weights", ["stays where it starts"], () => onGradients(sgd(modest), (g, x) => add(g, scale(1e-9, x)))),
  wrong("keeps an evaluation to itself", ["reports every evaluation"], () => {
    const inner = descend(sgd<Vector>(modest));
    return {
      ...inner,
      update(objective, x, state) {
        objective.value(x);
        return inner.update(objective, x, state);
      },
    };
  }),
  wrong("reports a loss that it did not evaluate", ["reports every evaluation"], () => {
    const inner = descend(sgd<Vector>(modest));
    return {
      ...inner,
      update(objective, x, state) {
        const update = inner.update(objective, x, state);
        return { ...update, evaluations: update.evaluations.map((loss) => scale(1 + 1e-12, loss)) };
      },
    };
  }),
  wrong("keeps a function in its state", ["plain tree"], () =>
    stepping(
      () => ({ η: () => 0.1 }),
      (s) => s,
      ({ η }) => η(),
    ),
  ),
  wrong("keeps a Map in its state", ["plain tree"], () =>
    stepping(
      () => ({ seen: new Map() }),
      (s) => s,
      () => 0.1,
    ),
  ),
  wrong("keeps undefined in its state", ["plain tree"], () =>
    stepping(
      () => ({ last: undefined }),
      (s) => s,
      () => 0.1,
    ),
  ),
  wrong("counts its steps outside its state", ["same seed", "resumed"], () => {
    let t = 0;
    return stepping(
      () => null,
      (s) => s,
      () => 0.1 / ++t,
    );
  }),
  wrong("starts from a generator of its own", ["same seed"], () =>
    stepping(
      () => ({ η: 0.1 + 0.01 * everywhere.uniform() }),
      (s) => s,
      ({ η }) => η,
    ),
  ),
  wrong("overwrites x", ["changes neither"], () => {
    const inner = descend(sgd<Vector>(modest));
    return {
      ...inner,
      update(objective, x, state) {
        const update = inner.update(objective, x, state);
        x.storage.data.set(array(update.x));
        return { ...update, x };
      },
    };
  }),
  wrong("overwrites its state", ["changes neither"], () => {
    const inner = descend(momentum<Vector>(modest));
    return {
      ...inner,
      update(objective, x, state) {
        const update = inner.update(objective, x, state);
        state.v.storage.data.set(array(update.state.v));
        return update;
      },
    };
  }),
  wrong("forgets its velocity when it is saved", ["resumed"], () => {
    const inner = momentum<Vector>(modest);
    let hidden: { readonly v: Vector } | null = null;
    return descend({
      name: "forgetful",
      init: (x: Vector) => {
        hidden = null;
        return inner.init(x);
      },
      update: (g: Vector, state: { readonly v: Vector }, x: Vector) => {
        const [Δ, next] = inner.update(g, hidden ?? state, x);
        hidden = next;
        return [Δ, state];
      },
    });
  }),
  wrong("keeps an idle memory", ["resumed"], () =>
    descend({ name: "idle", init: zerosLike, update: (g: Vector, v: Vector) => [scale(-0.1, g), add(v, scale(0, g))] }),
  ),
  wrong("keeps a tensor of the last step outside its state", ["arena"], () => {
    let last: Vector | null = null;
    return onGradients(sgd(modest), (g) => {
      const before = last ?? g;
      last = g;
      return add(g, scale(1e-3, sub(before, before)));
    });
  }),
  wrong("needs more memory at each step", ["arena"], () =>
    descend({
      name: "growing",
      init: () => ({ t: 1 }),
      update: (g: Vector, { t }: { readonly t: number }) => {
        zeros([100 * t]);
        return [scale(-0.1, g), { t: t + 1 }];
      },
    }),
  ),
  wrong("returns float64", ["float32"], () => {
    const inner = descend(sgd<Vector>(modest));
    return {
      ...inner,
      update(objective, x, state) {
        const update = inner.update(objective, cast(x, "float32"), state);
        return { ...update, x: cast(update.x, "float64") };
      },
    };
  }),
  wrong("takes NaN for zero", ["NaN gradient"], () => onGradients(sgd(modest), (g) => where(equal(g, g), g, 0) as Tensor as Vector)),
  wrong("throws on NaN", ["NaN gradient"], () =>
    onGradients(sgd(modest), (g) => {
      if (array(g).some(Number.isNaN)) throw new RangeError("a gradient must be a number");
      return g;
    }),
  ),
  wrong("throws on overflow", ["squares overflow"], () =>
    onGradients(sgd(modest), (g) => {
      if (!Number.isFinite(item(mul(slice(g, { stop: [1] }), slice(g, { stop: [1] }))))) throw new RangeError("overflow");
      return g;
    }),
  ),
  {
    noticedBy: ["outside their domains"],
    registered: {
      id: "takes any rate",
      summary: "",
      reference: "",
      hyperparameters: { learningRate: { default: 0.1, domain: { kind: "rate" }, about: "η" } },
      tunable: [],
      create: (_, { learningRate = 0.1 }) =>
        stepping(
          () => null,
          (s) => s,
          () => Number(learningRate),
        ),
    },
  },
  {
    noticedBy: ["outside their domains"],
    registered: {
      id: "takes any option",
      summary: "",
      reference: "",
      hyperparameters: {},
      tunable: [],
      create: () => descend(sgd(modest)),
    },
  },
  wrong("uses the Hessian without requiring it", ["without what it requires"], () => ({
    name: "unasked",
    requires: new Set(),
    init: () => null,
    update(objective: TwiceDifferentiable, x: Vector) {
      const [loss, g] = gradientOf(objective, x);
      return { x: sub(x, solve(objective.hessian(x), g)), state: null, evaluations: [loss] };
    },
  })),
  wrong("takes the state of another x", ["not of its state's length"], () => {
    const inner = adam<Vector>(modest);
    const fitted = (v: Vector, g: Vector): Vector =>
      concat([v, zerosLike(g)].map((t) => cast(t, g.dtype))).shape[0] === 2 * g.size ? cast(v, g.dtype) : zerosLike(g);
    return descend({
      ...inner,
      update: (g: Vector, { mu, nu, ...t }: ReturnType<typeof inner.init>, x: Vector) =>
        inner.update(g, { ...t, mu: fitted(mu, g), nu: fitted(nu, g) }, x),
    });
  }),
  wrong("has a length of its own where nobody knows the run's", ["however long"], ({ steps = 20 }) => {
    return descend(sgd({ learningRate: 0.1 / steps }));
  }),
  wrong("draws its steps", ["same seed"], () =>
    onGradients(sgd(modest), (g) => mul(g, add(1, scale(1e-9, normal(everywhere, [g.size], { dtype: g.dtype })))) as Vector),
  ),
];
