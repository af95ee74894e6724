import { array, basis, dot, grad, hessian, item, matmul, normal, type Rng, type Scalar, type Vector } from "@lodo/tensor";
import { Counterexample, expectClose, expectShape } from "../counterexample.ts";
import type { Law } from "../law.ts";
import { operatorTolerance } from "../preconditioner/operatorLaws.ts";
import { expectNear, inner, norm2, rms } from "../property/linearAlgebra.ts";
import { direction, expectSlope, numbersIn } from "../property/slope.ts";
import { drawLosses, type Loss, near, type TaskSample } from "./taskSample.ts";

/** A loss of the task, a point near its start, and the loss's gradient there. */
function probe({ task, begin }: TaskSample, rng: Rng): { readonly loss: Loss; readonly p: Vector; readonly g: Vector } {
  const start = begin();
  const loss = drawLosses(task, start, 3).losses[2] as Loss;
  const p = near(rng, start.x);
  return { loss, p, g: grad((x: Vector) => loss.value(x))(p) };
}

/** A quadratic form of n numbers has n² products, and so many roundings at most. */
const roundingsOf = ({ task }: TaskSample): number => 4 * (task.dim + 2) ** 2;

export const gradientLaw: Law<TaskSample> = {
  name: "the gradient agrees with central differences",
  check: (sample, rng) => {
    const { loss, p, g } = probe(sample, rng);
    const u = direction(rng, p, 1);
    const terms = norm2(array(g)) * norm2(array(p));
    return expectSlope(`∇ℓ of ${sample.name}`, inner(array(g), numbersIn(u)), {
      f: (q) => loss.value(q as Vector),
      p,
      u,
      terms,
      roundings: roundingsOf(sample),
    });
  },
};

export const hessianLaw: Law<TaskSample> = {
  name: "the Hessian, where it has one, is that of autodiff and of central differences",
  check: (sample, rng) => {
    const { loss, p } = probe(sample, rng);
    if (!loss.hessian) return 0;
    const H = loss.hessian(p);
    expectShape(`∇²ℓ of ${sample.name}`, H.shape, [sample.task.dim, sample.task.dim]);
    const byAutodiff = array(hessian((x) => loss.value(x))(p));
    const size = norm2(byAutodiff);
    expectNear(`∇²ℓ of ${sample.name}`, array(H), byAutodiff, operatorTolerance(roundingsOf(sample), "float64") * size);
    const [u, z] = [direction(rng, p, 1) as Vector, normal(rng, p.shape)];
    const slopeAlong = (x: Vector): Scalar => dot(z, grad((x: Vector) => loss.value(x))(x));
    // What meets in ∇ℓ: H's share, and ℓ's own over the length on which it changes. Where a loss is flat for its size, H is no measure of that.
    const terms = norm2(array(z)) * (size * (norm2(array(p)) + norm2(array(u))) + Math.abs(item(loss.value(p))) / rms(p));
    return (
      1 +
      expectSlope(`∇²ℓ of ${sample.name}`, inner(array(matmul(H, u)), array(z)), {
        f: (q) => slopeAlong(q as Vector),
        p,
        u,
        terms,
        roundings: roundingsOf(sample),
      })
    );
  },
};

/**
 * H (H⁻¹ v) = v. H⁻¹ v is off by ε √R ‖H⁻¹‖ ‖v‖, and H multiplies that by ‖H‖: the condition number, in Frobenius norms, which are not smaller than
 * the spectral ones.
 */
export const hessianSolveLaw: Law<TaskSample> = {
  name: "its own way to solve with the Hessian, where it has one, does",
  check: (sample, rng) => {
    const { loss, p } = probe(sample, rng);
    const { hessian: hessianAt, hessianSolve } = loss;
    if (!hessianAt || !hessianSolve) return 0;
    const solve = (v: Vector): Vector => hessianSolve.call(loss, p, v);
    const H = hessianAt.call(loss, p);
    const v = normal(rng, p.shape);
    const columns = Array.from({ length: sample.task.dim }, (_, i) => solve(basis(sample.task.dim, i)));
    const inverse = norm2(columns.flatMap((column) => [...array(column)]));
    const κ = norm2(array(H)) * inverse;
    const tolerance = operatorTolerance(roundingsOf(sample), "float64") * κ * norm2(array(v));
    return expectNear(`H (H⁻¹ v) of ${sample.name}`, array(matmul(H, solve(v))), array(v), tolerance);
  },
};

export const optimumLaw: Law<TaskSample> = {
  name: "its optimum, where it has one, is stationary, of the value that it says and not undercut nearby",
  check: (sample, rng) => {
    const { task, name, begin } = sample;
    if (!task.optimum) return 0;
    const { x, value } = task.optimum;
    const loss = drawLosses(task, begin(), 1).losses[0] as Loss;
    const at = item(loss.value(x));
    const size = norm2(array(hessian((y) => loss.value(y))(x))) * (1 + norm2(array(x)));
    const tolerance = operatorTolerance(roundingsOf(sample), "float64") * size;
    expectClose(`ℓ(x*) of ${name}`, at, value, tolerance);
    expectClose(`‖∇ℓ(x*)‖ of ${name}`, norm2(array(grad((y: Vector) => loss.value(y))(x))), 0, tolerance);
    for (let i = 0; i < 10; i++) {
      const beside = item(loss.value(near(rng, x)));
      if (!(beside >= at - tolerance)) throw new Counterexample(`${name}: expected at least ${at}, its optimum, got ${beside} beside it`);
    }
    return 12;
  },
};
