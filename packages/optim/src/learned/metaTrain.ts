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

export interface MetaUpdate<Φ extends Params> {
  /** 0, 1, … */
  readonly update: number;
  /** Mean of the losses after its K steps. */
  readonly loss: number;
  /** φ after it. */
  readonly weights: Φ;
}

/** An episode on its way. */
interface Course<S> {
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
 * derivative passes through them. An episode whose losses are no longer finite ends, and its last update changes nothing.
 * @throws ArgumentError unless K and the steps of every episode are integers of at least 1, and the updates one of at least 0.
 */
export function* metaTrain<Φ extends Params, S extends Params, M>(training: MetaTraining<Φ, S, M>): Generator<MetaUpdate<Φ>, void> {
  const { weights, optimizer, episode, unroll: K, updates, meta, rng } = training;
  checkCount("unroll", K, 1);
  checkCount("updates", updates, 0);
  const arena = createArena();
  let φ = weights;
  let μ = meta(0).init(φ);
  let course: Course<S> | null = null;
  for (let update = 0; update < updates; update++) {
    const from: Course<S> = course ?? begin(episode(rng.split(update), update), rng.split(update).split("draws"), optimizer(φ));
    const { objectives, taskState } = drawNext(from, K);
    const step = (): {
      readonly loss: Scalar;
      readonly x: Vector;
      readonly state: S;
      readonly learned: { readonly φ: Φ; readonly μ: M };
    } => {
      let end: Pick<Course<S>, "x" | "state"> = from;
      const [loss, gφ] = valueAndGrad((φ: Φ) => {
        const unrolled = unroll(optimizer(φ), from, objectives);
        end = map(stopGradient, { x: unrolled.x, state: unrolled.state });
        return unrolled.loss;
      })(φ);
      if (![loss, ...leaves(gφ)].every(allFinite)) return { loss, ...end, learned: { φ, μ } };
      const [Δφ, μNext] = meta(update).update(gφ, μ, φ);
      return { loss, ...end, learned: { φ: applyDelta(φ, Δφ), μ: μNext } };
    };
    const { loss, x, state, learned }: ReturnType<typeof step> = arena.run(step, tensorsIn);
    ({ φ, μ } = learned);
    const left = from.left - K;
    course = left > 0 && allFinite(loss) ? { ...from, left, x, state, taskState, objective: objectives.at(-1) as Objective } : null;
    yield { update, loss: item(loss), weights: φ };
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

function begin<S>({ task, steps }: Episode, rng: Rng, transform: GradientTransform<Vector, S>): Course<S> {
  checkCount("steps of an episode", steps, 1);
  const start = task.init(rng);
  const [objective, taskState] = task.draw(start.state, rng);
  return { task, rng, left: steps, x: start.x, state: transform.init(start.x), taskState, objective };
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
