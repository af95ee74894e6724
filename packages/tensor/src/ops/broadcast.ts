import { view } from "../backend/reference/layout.ts";
import { sumKernel } from "../backend/reference/reduce.ts";
import { scalar } from "../constructors.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { definePrimitive, type Op } from "../primitive.ts";
import { checkShape, type Extents, type Shape, sameShape } from "../shape.ts";
import { filledStorage } from "../storage.ts";
import { strided } from "../strided.ts";
import { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";

/** What elementwise operations take besides tensors: a number stands for a scalar of the other operand's dtype. */
export type Operand = Tensor | number;

const broadcastPrimitive = definePrimitive<{ readonly shape: Shape }>({
  name: "broadcastTo",
  forward: ({ shape }, x) => {
    const added = shape.length - x.shape.length;
    const stride = shape.map((n, d) => (d < added || (x.shape[d - added] === 1 && n !== 1) ? 0 : (x.stride[d - added] as number)));
    return { out: view(x, shape, stride, x.offset) };
  },
  vjp: (ct, { ins: [x] }) => [() => sumTo(ct, (x as Tensor).shape)],
});

/**
 * x repeated along new leading axes and axes of extent 1, without copying.
 * @throws ShapeError if x does not fit, or an extent is no non-negative integer.
 */
export function broadcastTo<const S extends Shape>(x: Tensor, shape: S): Tensor<Extents<S>> {
  if (sameShape(x.shape, shape)) return x as Tensor as Tensor<Extents<S>>;
  checkShape("broadcastTo", shape);
  const added = shape.length - x.shape.length;
  const fits = added >= 0 && x.shape.every((n, d) => n === 1 || n === shape[d + added]);
  if (!fits) throw new ShapeError("broadcastTo", `shape [${x.shape}] does not broadcast to [${shape}]`);
  return broadcastPrimitive({ shape }, x) as Tensor as Tensor<Extents<S>>;
}

/** Sum over axes, which stay with extent 1. */
export const sumAxes: Op<{ readonly axes: readonly number[] }> = definePrimitive<{ readonly axes: readonly number[] }>({
  name: "sum",
  forward: ({ axes }, x) => ({ out: sumKernel(x, axes) }),
  vjp: (ct, { ins: [x] }) => [() => broadcastTo(ct, (x as Tensor).shape)],
});

/** The transpose of broadcasting: x summed over the axes that were added or stretched, with the given shape. */
function sumTo(x: Tensor, shape: Shape): Tensor {
  const added = x.shape.length - shape.length;
  const axes = x.shape.flatMap((n, d) => (d < added || (shape[d - added] === 1 && n !== 1) ? [d] : []));
  return reshape(sumAxes({ axes }, x), shape);
}

/** The shape that both broadcast to, aligned at the last axis. @throws ShapeError naming the operation and both shapes. */
export function broadcastShape(op: string, a: Shape, b: Shape): Shape {
  const longer = a.length >= b.length ? a : b;
  return longer.map((_, d) => {
    const m = a[d - longer.length + a.length] ?? 1;
    const n = b[d - longer.length + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw new ShapeError(op, `shapes [${a}] and [${b}] do not broadcast together`);
    return m === 1 ? n : m;
  });
}

/** Both operands as tensors of one shape. */
export function broadcastPair(op: string, a: Operand, b: Operand): readonly [Tensor, Tensor] {
  checkOperand(op, a);
  checkOperand(op, b);
  if (typeof a === "number") return typeof b === "number" ? [scalar(a), scalar(b)] : [constant(a, b), b];
  if (typeof b === "number") return [a, constant(b, a)];
  if (sameShape(a.shape, b.shape)) return [a, b];
  const shape = broadcastShape(op, a.shape, b.shape);
  return [broadcastTo(a, shape), broadcastTo(b, shape)];
}

function checkOperand(op: string, operand: unknown): void {
  if (!(operand instanceof Tensor || typeof operand === "number"))
    throw new ArgumentError(op, `expected tensors or numbers, got ${String(operand)}`);
}

/** A number as a tensor like x: one number in memory, wherever one looks. */
function constant(value: number, { shape, dtype }: Tensor): Tensor {
  const { data } = filledStorage([], dtype, value);
  return new Tensor(strided(data, shape, new Array<number>(shape.length).fill(0), 0));
}
