import type { LeastSquares, Optimizer, RegisteredOptimizer, TwiceDifferentiable, Update } from "@lodo/optim";
import {
  add,
  cast,
  createRng,
  type DType,
  dot,
  haarOrthogonal,
  type Layout,
  type Matrix,
  matmul,
  mul,
  type Rng,
  reshape,
  scale,
  sub,
  transpose,
  uniform,
  type Vector,
  vector,
} from "@lodo/tensor";
import { type Arbitrary, integer, record } from "fast-check";
import { drawnValues, edgeValues, hyperparametersGiven, type Values } from "../property/hyperparameterValues.ts";
import type { CaseData, CaseSource } from "../property/search.ts";

/** A case of an optimizer as plain data. */
export interface OptimizerData extends CaseData {
  /** n */
  readonly dim: number;
  readonly values: Values;
}

/** Everything that an optimizer may ask of a loss. */
export type FullObjective = TwiceDifferentiable & LeastSquares;

/** An optimizer with states and losses of any type: the laws hand it what its `requires` names. */
export type AnyOptimizer = Optimizer<unknown, FullObjective>;

/** A convex quadratic ½ (x − c)ᵀ H (x − c), H with eigenvalues in [¼, 1], and a start at a distance of ½ to 2 from c in every coordinate. */
export interface Quadratic {
  readonly objective: FullObjective;
  readonly H: Matrix;
  readonly c: Vector;
  readonly x0: Vector;
}

/** An optimizer with a problem for it. */
export interface OptimizerSample {
  readonly name: string;
  readonly registered: RegisteredOptimizer;
  readonly dim: number;
  readonly values: Values;
  /** The optimizer built from the case's seed, with the case's values unless told otherwise, for a run of so many steps; of unknown length if 0. */
  make(options?: { readonly dtype?: DType; readonly values?: Values; readonly dim?: number; readonly steps?: number }): AnyOptimizer;
  /** Where its initial state is drawn from. */
  startRng(): Rng;
  problem(options?: { readonly dtype?: DType; readonly dim?: number }): Quadratic;
}

/** The extremes of the spectrum of H. */
export const SPECTRUM = { least: 0.25, greatest: 1 } as const;

/** How long the laws' runs say that they will be, to methods that plan ahead; none of them is longer. */
export const RUN_STEPS = 100;

/** x in two layers, the first of them with weights and biases; one layer where n = 1. */
function twoLayers(n: number): Layout {
  const sizes = [Math.floor(n / 3), Math.floor(n / 3), n - 2 * Math.floor(n / 3)];
  const paths = ["first.weights", "first.biases", "second.weights"];
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const slices = paths.map((path, i) => ({ path, start: starts[i] as number, shape: [sizes[i] as number] }));
  return { size: n, slices: slices.filter(({ shape: [size] }) => size !== 0) };
}

/** A loss that offers what an optimizer requires, and nothing else. */
export const offering = (objective: FullObjective, { requires }: Pick<AnyOptimizer, "requires">): FullObjective =>
  ({
    value: objective.value,
    ...(requires.has("hessian") ? { hessian: objective.hessian } : {}),
    ...(requires.has("residuals") ? { residuals: objective.residuals } : {}),
  }) as FullObjective;

/** The quadratic with square root √H = U diag(√λ) Uᵀ: the residuals are √H (x − c). */
export function quadratic(rng: Rng, n: number, dtype: DType = "float64"): Quadratic {
  const U = reshape(haarOrthogonal(rng, 1, n), [n, n]);
  const { least, greatest } = SPECTRUM;
  const rootλ = vector(
    Array.from({ length: n }, (_, i) => Math.sqrt(i === 0 ? greatest : i === 1 ? least : least + (greatest - least) * rng.uniform())),
  );
  const root = cast(matmul(U, mul(reshape(rootλ, [n, 1]), transpose(U))) as Matrix, dtype);
  const H = matmul(root, root);
  const c = cast(scale(4, sub(uniform(rng, [n]), 0.5)), dtype);
  const distance = vector(Array.from({ length: n }, () => (rng.uniform() < 0.5 ? -1 : 1) * (0.5 + 1.5 * rng.uniform())));
  const residuals = (x: Vector): Vector => matmul(root, sub(x, c));
  const value: FullObjective["value"] = (x) => scale(0.5, dot(residuals(x), residuals(x)));
  return { objective: { value, hessian: () => H, residuals }, H, c, x0: add(c, cast(distance, dtype)) };
}

/** A run from x₀, so many steps or until it stops: x and state at its end, and every update on the way. */
export interface Run {
  readonly x: Vector;
  readonly state: unknown;
  readonly updates: readonly Update<unknown>[];
}

/** Steps from a point and a state. */
export function continueRun(optimizer: AnyOptimizer, objective: FullObjective, from: Pick<Run, "x" | "state">, steps: number): Run {
  const updates: Update<unknown>[] = [];
  let { x, state } = from;
  for (let t = 0; t < steps; t++) {
    const update = optimizer.update(objective, x, state);
    updates.push(update);
    ({ x, state } = update);
    if (update.stop) break;
  }
  return { x, state, updates };
}

/** Cases of an optimizer: n from 1 to 8, hyperparameters over their domains. */
export function optimizerCases(registered: RegisteredOptimizer): CaseSource<OptimizerData, OptimizerSample> {
  const data: Arbitrary<OptimizerData> = record({
    dim: integer({ min: 1, max: 8 }),
    values: drawnValues(registered),
    seed: integer({ min: 1, max: 2 ** 31 - 1 }),
  });
  const edges = edgeValues(registered).flatMap((values, i) => [1, 5].map((dim) => ({ dim, values, seed: dim + 10 * i })));
  return {
    name: registered.id,
    data,
    edges: [{ dim: 3, values: {}, seed: 1 }, ...edges],
    build: (drawn) => optimizerSample(registered, drawn),
  };
}

function optimizerSample(registered: RegisteredOptimizer, { dim: n, values: drawn, seed }: OptimizerData): OptimizerSample {
  const rng = createRng(seed);
  return {
    name: `${registered.id} at n = ${n}`,
    registered,
    dim: n,
    values: drawn,
    make: ({ dtype = "float64", values = drawn, dim = n, steps = RUN_STEPS } = {}) =>
      registered.create(
        { dim, dtype, rng: rng.split("structure"), layout: twoLayers(dim), ...(steps > 0 ? { steps } : {}) },
        values,
      ) as AnyOptimizer,
    startRng: () => rng.split("start"),
    problem: ({ dtype = "float64", dim = n } = {}) => quadratic(rng.split("problem"), dim, dtype),
  };
}

/** The values of a case that are choices: the structure of the method, with its numbers at their defaults. */
export function choicesOf({ registered, values }: OptimizerSample): Values {
  const hyperparameters = hyperparametersGiven(registered, values);
  return Object.fromEntries(Object.entries(values).filter(([key]) => hyperparameters[key]?.domain.kind === "choice"));
}
