import { castKernel, selectKernel } from "../backend/reference/elementwise.ts";
import { scalar } from "../constructors.ts";
import { checkDType, type DType, type Strided } from "../dtype.ts";
import { definePrimitive } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import { innermostTape } from "../tape.ts";
import type { Tensor, Trace } from "../tensor.ts";
import { broadcastShape, broadcastTo, type Operand } from "./broadcast.ts";

const selectPrimitive = definePrimitive<Record<never, never>>({
  name: "where",
  forward: (_, condition, x, y) => ({ out: selectKernel(condition as Strided, x as Strided, y as Strided) }),
  vjp: (ct, { ins: [condition] }) => [null, () => where(condition as Tensor, ct, 0), () => where(condition as Tensor, 0, ct)],
});

/**
 * x where the condition is not 0, y elsewhere, broadcasting. The side not taken gets no cotangent, but a NaN computed on it can still reach
 * the derivative of what it was computed from.
 */
export function where(condition: Tensor, x: Operand, y: Operand): Tensor {
  const [a, b] = [x, y].map((t) => (typeof t === "number" ? scalar(t, { dtype: condition.dtype }) : t)) as [Tensor, Tensor];
  const shape = broadcastShape("where", condition.shape, broadcastShape("where", a.shape, b.shape));
  return selectPrimitive({}, broadcastTo(condition, shape), broadcastTo(a, shape), broadcastTo(b, shape));
}

const castPrimitive = definePrimitive<{ readonly dtype: DType }>({
  name: "cast",
  forward: ({ dtype }, x) => ({ out: castKernel(x as Strided, dtype) }),
  vjp: (ct, { ins: [x] }) => [() => cast(ct, (x as Tensor).dtype)],
});

/** The numbers in another dtype, rounded to nearest. Differentiable: the cotangent is cast back. */
export function cast<S extends Shape>(x: Tensor<S>, dtype: DType): Tensor<S> {
  checkDType("cast", dtype);
  return x.dtype === dtype ? x : (castPrimitive({ dtype }, x) as Tensor as Tensor<S>);
}

/** x, held constant by every differentiation. @throws ScopeError if x outlived the function being differentiated. */
export function stopGradient<S extends Shape>(x: Tensor<S>): Tensor<S> {
  if (!innermostTape("stopGradient", [x])) return x;
  return stopGradient((x.trace as Trace).primal as Tensor as Tensor<S>);
}
