import { equalKernel, greaterEqualKernel, greaterKernel } from "../backend/reference/elementwise.ts";
import type { Strided } from "../dtype.ts";
import { definePrimitive } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Scalar, Tensor } from "../tensor.ts";
import { broadcastPair, type Operand } from "./broadcast.ts";

/** 1 where the relation holds and 0 elsewhere (also where an operand is NaN), in the operands' dtype; the derivative is 0 everywhere. */
export interface Relation {
  <S extends Shape>(x: Tensor<S>, y: Tensor<S> | Scalar | number): Tensor<S>;
  (x: Operand, y: Operand): Tensor;
}

function defineRelation(name: string, kernel: (x: Strided, y: Strided) => Strided): Relation {
  const op = definePrimitive<Record<never, never>>({
    name,
    forward: (_, x, y) => ({ out: kernel(x as Strided, y as Strided) }),
    vjp: () => [null, null],
  });
  return (x: Operand, y: Operand): Tensor<never> => op({}, ...broadcastPair(name, x, y)) as Tensor<never>;
}

/** x > y */
export const greater: Relation = defineRelation("greater", greaterKernel);
/** x ≥ y */
export const greaterEqual: Relation = defineRelation("greaterEqual", greaterEqualKernel);
/** x = y */
export const equal: Relation = defineRelation("equal", equalKernel);
/** x < y */
export const less: Relation = (x: Operand, y: Operand): Tensor<never> => greater(y, x) as Tensor<never>;
/** x ≤ y */
export const lessEqual: Relation = (x: Operand, y: Operand): Tensor<never> => greaterEqual(y, x) as Tensor<never>;
