import type { Task, TwiceDifferentiable } from "@lodo/optim";
import { withHessian } from "@lodo/optim";
import { complete } from "@lodo/preconditioner";
import { add, mul, reshape, type Scalar, scale, slice, sub, type Vector, vector } from "@lodo/tensor";
import type { RegisteredTask } from "./task.ts";

/** The i-th coordinate. */
const coordinate = (p: Vector, i: number): Scalar => reshape(slice(p, { start: [i], stop: [i + 1] }), []);

const square = (a: Scalar): Scalar => mul(a, a);

/** f(x, y) = 0.01 (x − 1)² + (x² − y)², a hundredth of Rosenbrock's: a curved valley with its minimum 0 at (1, 1). p = (x, y): [2] → [] */
export function rosenbrockFunction(p: Vector): Scalar {
  const [x, y] = [coordinate(p, 0), coordinate(p, 1)];
  return add(scale(0.01, square(sub(x, 1))), square(sub(square(x), y)));
}

/** Section 5.2 and Appendix G: Rosenbrock's function, rescaled, from (−0.5, 2), the same at every evaluation. */
export function rosenbrock(): Task<null, TwiceDifferentiable> {
  const objective = withHessian({ value: rosenbrockFunction });
  return {
    name: "rosenbrock",
    dim: 2,
    init: () => ({ x: vector([-0.5, 2]), state: null }),
    draw: () => [objective, null],
    optimum: { x: vector([1, 1]), value: 0 },
  };
}

export const rosenbrockTask: RegisteredTask = {
  id: "rosenbrock",
  summary: "Rosenbrock's curved valley in two dimensions",
  reference: "Section 5.2",
  options: {},
  create: (_, values) => {
    complete("rosenbrock", {}, values);
    return rosenbrock();
  },
};
