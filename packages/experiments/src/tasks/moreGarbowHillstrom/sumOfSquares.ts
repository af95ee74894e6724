import { type LeastSquares, type Task, type TwiceDifferentiable, withHessian } from "@lodo/optim";
import { complete, count, type Hyperparameters, type ValuesOf } from "@lodo/preconditioner";
import { dot, scale, type Vector, vector } from "@lodo/tensor";
import type { RegisteredTask } from "../task.ts";

/** f(x) = Σᵢ rᵢ(x)² with a start. */
export interface SumOfSquares {
  /** The standard start, [n]. */
  readonly start: readonly number[];
  /** r: [n] → [m] */
  residuals(x: Vector): Vector;
  /** A global minimum; none where it is not known to all digits. */
  readonly optimum?: { readonly x: readonly number[]; readonly value: number };
}

/** A test problem with its place in the paper. */
export interface TestProblem<H extends Hyperparameters> {
  readonly id: string;
  /** Among the paper's functions, 1 to 35. */
  readonly number: number;
  readonly summary: string;
  readonly options: H;
  /** Offer no multiples of the standard start. */
  readonly fixedStart?: true;
  /** @throws ArgumentError if the problem is not defined for these values. */
  problem(values: ValuesOf<H>): SumOfSquares;
}

const startOptions = { factor: count(1, 1, "k: the run starts at k times the standard start; the paper takes 1, 10 and 100") };

/**
 * One of the unconstrained minimisation problems of Moré, Garbow & Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7(1), 1981,
 * as a task. Its loss is theirs, f(x) = Σᵢ rᵢ(x)²; the residuals that the objective offers are √2 r, whose ½‖√2 r‖² is f.
 */
export function defineTestProblem<const H extends Hyperparameters>(definition: TestProblem<H>): RegisteredTask {
  const { id, number, summary } = definition;
  const options = definition.fixedStart ? definition.options : { ...definition.options, ...startOptions };
  return {
    id,
    summary,
    reference: `Moré, Garbow & Hillstrom 1981, problem ${number}`,
    options,
    create(_, given) {
      const values = { ...startDefaults, ...complete(id, options, given) } as ValuesOf<H> & ValuesOf<typeof startOptions>;
      return sumOfSquaresTask(id, values.factor, definition.problem(values));
    },
  };
}

const startDefaults: ValuesOf<typeof startOptions> = { factor: 1 };

function sumOfSquaresTask(
  name: string,
  factor: number,
  { start, residuals, optimum }: SumOfSquares,
): Task<null, TwiceDifferentiable & LeastSquares> {
  const objective: TwiceDifferentiable & LeastSquares = {
    // f(x) = Σᵢ rᵢ(x)²
    ...withHessian({
      value: (x) => {
        const r = residuals(x);
        return dot(r, r);
      },
    }),
    residuals: (x) => scale(Math.SQRT2, residuals(x)),
  };
  return {
    name,
    dim: start.length,
    init: () => ({ x: vector(multiple(factor, start)), state: null }),
    draw: () => [objective, null],
    ...(optimum ? { optimum: { x: vector(optimum.x), value: optimum.value } } : {}),
  };
}

/** k x₀; (k, …, k) where x₀ = 0 and k ≠ 1, as Algorithm 566 has it. */
const multiple = (k: number, start: readonly number[]): readonly number[] =>
  start.map((xi) => (k !== 1 && start.every((xj) => xj === 0) ? k : k * xi));
