import {
  ArgumentError,
  add,
  array,
  createArena,
  grad,
  item,
  leaves,
  map,
  type Params,
  type Rng,
  type Scalar,
  scalar,
  scale,
  stopGradient,
  type Tensor,
  tensorsIn,
  type Vector,
  valueAndGrad,
} from "@lodo/tensor";
import type { Objective } from "../objective.ts";
import { applyDelta, type GradientTransform } from "../optimizer.ts";
import type { Task } from "../task.ts";

/** A task to train on, and for how many steps, before the next one begins. */
export interface Episode {
  readonly task: Task;
  readonly steps: number;
}

export interface MetaTraining<Φ extends Params, S extends Params, M> {
  /** φ₀, the weights to begin from. */
  readonly weights: Φ;
  /** The optimizer that some weights make. */
  readonly optimizer: (weights: Φ) => GradientTransform<Vector, S>;
  /** Draws the episode that begins at this update. */
  readonly episode: (rng: Rng, update: number) => Episode;
  /** K, the steps that an update differentiates through. x and the optimizer's state go on from one update to the next, as constants. */
  readonly unroll: number;
  readonly updates: number;
  /** What moves φ at this update: one method, whose rate may change. */
  readonly meta: (update: number) => GradientTransform<Φ, M>;
  readonly rng: Rng;
}

/** Where a training stands: plain data, and all that its rest depends on besides the `MetaTraining` itself. */
export interface MetaTrainingState<Φ extends Params, S extends Params, M> {
  /** Updates made. */
  readonly updates: number;
  /** φ */
  readonly weights: Φ;
  /** State of what moves φ. */
  readonly meta: M;
  /** The episode on its way, by the update at which it began; null between two. */
  readonly episode: { readonly begun: number; readonly x: Vector; readonly state: S } | null;
}

export interface MetaUpdate<Φ extends Params, S extends Params, M> {
  /** 0, 1, … */
  readonly update: number;
  /** Mean of the losses after its K steps. */
  readonly loss: number;
  /** φ after it. */
  readonly weights: Φ;
  /** Where the training stands after it. */
  readonly state: MetaTrainingState<Φ, S, M>;
}

/** An episode on its way. */
interface Course<S> {
  /** The update at which it began. */
  readonly begun: number;
  readonly task: Task;
  readonly rng: Rng;
  /** Steps until its end. */
  readonly left: number;
  readonly x: Vector;
  readonly state: S;
  readonly taskState: unknown;
  /** The loss at x that the next step descends. */
  readonly objective: Objective;
}

/**
 * Trains an optimizer by truncated back-propagation through its own runs (Andrychowicz et al. 2016, Section 2.1): an update unrolls K steps
 * x_{t+1} = x_t + Δ_t(φ) and descends the mean of the losses after them. As there, the gradients that the optimizer is shown count as constants: no
 * derivative passes through them. An episode whose losses are no longer finite ends, and its last update changes nothing. From where a training
 * stood it goes on to the same bits.
 * What an update yields stays as it is; with `consume` it dies with the next, so that memory does not grow however long a training is.
 * @throws ArgumentError unless K and the steps of every episode are integers of at least 1, and the updates one of at least 0.
 */
export function* metaTrain<Φ extends Params, S extends Params, M>(
  training: MetaTraining<Φ, S, M>,
  from?: MetaTrainingState<Φ, S, M>,
  { consume = false }: { readonly consume?: boolean } = {},
): Generator<MetaUpdate<Φ, S, M>, void> {
  const { weights, optimizer, unroll: K, updates, meta } = training;
  checkCount("unroll", K, 1);
  checkCount("updates", updates, 0);
  const arena = createArena();
  let φ = from?.weights ?? weights;
  let μ = from?.meta ?? meta(0).init(φ);
  let course: Course<S> | null = from ? takeUp(training, from) : null;
  let before: unknown = null;
  try {
    for (let update = from?.updates ?? 0; update < updates; update++) {
      const start: Course<S> = course ?? begin(training, update, φ);
      const { objectives, taskState } = drawNext(start, K);
      const step = (): {
        readonly loss: Scalar;
        readonly x: Vector;
        readonly state: S;
        readonly learned: { readonly φ: Φ; readonly μ: M };
      } => {
        let end: Pick<Course<S>, "x" | "state"> = start;
        const [loss, gφ] = valueAndGrad((φ: Φ) => {
          const unrolled = unroll(optimizer(φ), start, objectives);
          end = map(stopGradient, { x: unrolled.x, state: unrolled.state });
          return unrolled.loss;
        })(φ);
        if (![loss, ...leaves(gφ)].every(allFinite)) return { loss, ...end, learned: { φ, μ } };
        const [Δφ, μNext] = meta(update).update(gφ, μ, φ);
        return { loss, ...end, learned: { φ: applyDelta(φ, Δφ), μ: μNext } };
      };
      const after: ReturnType<typeof step> = arena.run(step, tensorsIn, consume ? tensorsIn(before) : []);
      before = after;
      const { loss, x, state, learned } = after;
      ({ φ, μ } = learned);
      const left = start.left - K;
      course = left > 0 && allFinite(loss) ? { ...start, left, x, state, taskState, objective: objectives.at(-1) as Objective } : null;
      const on = course && { begun: course.begun, x: course.x, state: course.state };
      yield { update, loss: item(loss), weights: φ, state: { updates: update + 1, weights: φ, meta: μ, episode: on } };
    }
  } finally {
    arena.close();
  }
}

/** K steps of an optimizer from where a course stands, and the mean of the losses after them. */
export function unroll<S extends Params>(
  transform: GradientTransform<Vector, S>,
  { x: x0, state: state0, objective }: Pick<Course<S>, "x" | "state" | "objective">,
  objectives: readonly Objective[],
): { readonly loss: Scalar; readonly x: Vector; readonly state: S } {
  let [x, ℓ] = [x0, objective];
  let state: S = state0;
  let total = scalar(0, { dtype: x.dtype });
  for (const next of objectives) {
    const constant = stopGradient(x);
    // g_t = ∇ℓ_t(x_t), a constant
    const g = grad((x: Vector) => ℓ.value(x))(constant);
    // x_{t+1} = x_t + Δ_t(φ)
    const [Δ, stateNext] = transform.update(g, state, constant);
    x = add(x, Δ);
    [state, ℓ] = [stateNext, next];
    // Σ_t ℓ_{t+1}(x_{t+1})
    total = add(total, ℓ.value(x));
  }
  return { loss: scale(1 / objectives.length, total), x, state };
}

function begin<Φ extends Params, S extends Params, M>(
  { episode, optimizer, rng: root }: MetaTraining<Φ, S, M>,
  update: number,
  weights: Φ,
): Course<S> {
  const { task, steps } = episode(root.split(update), update);
  checkCount("steps of an episode", steps, 1);
  const rng = root.split(update).split("draws");
  const start = task.init(rng);
  const [objective, taskState] = task.draw(start.state, rng);
  return { begun: update, task, rng, left: steps, x: start.x, state: optimizer(weights).init(start.x), taskState, objective };
}

/** The course that was under way, if one was. Its losses, which are no plain data, are drawn again. */
function takeUp<Φ extends Params, S extends Params, M>(
  training: MetaTraining<Φ, S, M>,
  { updates, weights, episode }: MetaTrainingState<Φ, S, M>,
): Course<S> | null {
  if (!episode) return null;
  const { begun, x, state } = episode;
  const start = begin(training, begun, weights);
  const taken = training.unroll * (updates - begun);
  const { objectives, taskState } = drawNext(start, taken);
  return { ...start, left: start.left - taken, x, state, taskState, objective: objectives.at(-1) as Objective };
}

/** The next K losses of a course. */
function drawNext<S>(
  { task, rng, taskState: before }: Course<S>,
  K: number,
): { readonly objectives: readonly Objective[]; readonly taskState: unknown } {
  let taskState = before;
  const objectives = Array.from({ length: K }, () => {
    const [objective, next] = task.draw(taskState, rng);
    taskState = next;
    return objective;
  });
  return { objectives, taskState };
}

const allFinite = (t: Tensor): boolean => array(t).every(Number.isFinite);

function checkCount(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new ArgumentError("metaTrain", `${name} must be an integer of at least ${least}, got ${value}`);
}
