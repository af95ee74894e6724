import { maxKernel } from "../backend/reference/reduce.ts";
import type { Strided } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { definePrimitive } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Scalar, Tensor } from "../tensor.ts";
import { abs, add, div, mul, neg, sub } from "./arithmetic.ts";
import { normalizeAxes } from "./axes.ts";
import { sumAxes } from "./broadcast.ts";
import { equal, greater } from "./compare.ts";
import { reshape } from "./reshape.ts";
import { stopGradient, where } from "./select.ts";
import { exp, log, sqrt } from "./transcendental.ts";

export interface ReduceOptions {
  /** Which axes; negative ones count from the back. All unless named. */
  readonly axes?: number | readonly number[];
  /** Keep reduced axes with extent 1. */
  readonly keepdims?: boolean;
}

/** A reduction over all axes is a scalar; over some, the rank is known at run time. */
export interface Reduce {
  (x: Tensor): Scalar;
  (x: Tensor, options: ReduceOptions): Tensor;
}

/** A reduction from what it does when the axes are normal and stay. */
function defineReduce(name: string, reduce: (x: Tensor, axes: readonly number[]) => Tensor): Reduce {
  return (x: Tensor, { axes, keepdims = false }: ReduceOptions = {}): Tensor<never> => {
    const along = normalizeAxes(name, axes, x);
    const y = reduce(x, along);
    return (
      keepdims
        ? y
        : reshape(
            y,
            x.shape.filter((_, d) => !along.includes(d)),
          )
    ) as Tensor<never>;
  };
}

const countOver = (x: Tensor, axes: readonly number[]): number => axes.reduce((n, d) => n * (x.shape[d] as number), 1);

function refuseEmpty(op: string, x: Tensor, axes: readonly number[]): void {
  if (countOver(x, axes) === 0) throw new ShapeError(op, `is not defined over no elements, got shape [${x.shape}] over axes [${axes}]`);
}

const maxAxes = definePrimitive<{ readonly axes: readonly number[] }>({
  name: "max",
  forward: ({ axes }, x) => ({ out: maxKernel(x as Strided, axes) }),
  vjp: (ct, { attrs: { axes }, ins: [x], out }) => [
    () => {
      const attained = equal(x as Tensor, out);
      return mul(attained, div(ct, sumAxes({ axes }, attained)));
    },
  ],
});

/** Σ x */
export const sum: Reduce = defineReduce("sum", (x, axes) => sumAxes({ axes }, x));

/** Σ x / count. @throws ShapeError over no elements. */
export const mean: Reduce = defineReduce("mean", (x, axes) => {
  refuseEmpty("mean", x, axes);
  return div(sumAxes({ axes }, x), countOver(x, axes));
});

/** The largest element; ties share the cotangent evenly. NaN if any element is. @throws ShapeError over no elements. */
export const max: Reduce = defineReduce("max", (x, axes) => {
  refuseEmpty("max", x, axes);
  return maxAxes({ axes }, x);
});

/** The smallest element; ties share the cotangent evenly. NaN if any element is. @throws ShapeError over no elements. */
export const min: Reduce = defineReduce("min", (x, axes) => {
  refuseEmpty("min", x, axes);
  return neg(maxAxes({ axes }, neg(x)));
});

/** ln Σ eˣ without overflow: −∞ where every x is. @throws ShapeError over no elements. */
export const logsumexp: Reduce = defineReduce("logsumexp", (x, axes) => {
  refuseEmpty("logsumexp", x, axes);
  const shift = finiteMax(x, axes);
  return add(log(sumAxes({ axes }, exp(sub(x, shift)))), shift);
});

/** The maximum as a constant, 0 where it is infinite: a shift that keeps exponentials in range and cancels out. */
function finiteMax(x: Tensor, axes: readonly number[]): Tensor {
  const top = stopGradient(maxAxes({ axes }, x));
  return where(greater(Number.POSITIVE_INFINITY, abs(top)), top, 0);
}

/** √Σ x²: the Euclidean (Frobenius) norm, with derivative 0 at 0. */
export const norm: Reduce = defineReduce("norm", (x, axes) => {
  const squares = sumAxes({ axes }, mul(x, x));
  const zero = equal(squares, 0);
  return where(zero, 0, sqrt(where(zero, 1, squares)));
});

export interface SoftmaxOptions {
  /** The axis that sums to one; the last unless named. */
  readonly axis?: number;
}

/** y = eˣ / Σ eˣ along an axis. @throws ShapeError if it has no elements. */
export function softmax<S extends Shape>(x: Tensor<S>, { axis = -1 }: SoftmaxOptions = {}): Tensor<S> {
  const axes = normalizeAxes("softmax", axis, x);
  refuseEmpty("softmax", x, axes);
  const e = exp(sub(x, finiteMax(x, axes)));
  return div(e, sumAxes({ axes }, e)) as Tensor as Tensor<S>;
}

/** y = x − ln Σ eˣ along an axis: the logarithm of softmax, without cancellation. @throws ShapeError if it has no elements. */
export function logSoftmax<S extends Shape>(x: Tensor<S>, { axis = -1 }: SoftmaxOptions = {}): Tensor<S> {
  const axes = normalizeAxes("logSoftmax", axis, x);
  refuseEmpty("logSoftmax", x, axes);
  const z = sub(x, finiteMax(x, axes));
  return sub(z, log(sumAxes({ axes }, exp(z)))) as Tensor as Tensor<S>;
}
