import {
  absKernel,
  addKernel,
  divKernel,
  maximumKernel,
  minimumKernel,
  mulKernel,
  negKernel,
  signKernel,
  subKernel,
} from "../backend/reference/elementwise.ts";
import type { Strided } from "../dtype.ts";
import { definePrimitive, type Op, type VjpContext } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Scalar, Tensor } from "../tensor.ts";
import { broadcastPair, type Operand } from "./broadcast.ts";
import { equal } from "./compare.ts";

/** z = f(x, y) elementwise, broadcasting; the result's rank is in the type where one operand's rank decides it. */
export interface BinaryOp {
  <S extends Shape>(x: Tensor<S>, y: Tensor<S> | Scalar | number): Tensor<S>;
  <S extends Shape>(x: Scalar | number, y: Tensor<S>): Tensor<S>;
  (x: Operand, y: Operand): Tensor;
}

/** y = f(x) elementwise. */
export type UnaryOp = <S extends Shape>(x: Tensor<S>) => Tensor<S>;

type None = Record<never, never>;
type Thunks = readonly ((() => Tensor) | null)[];

/** A broadcasting façade over a primitive on two inputs of one shape. */
export function defineBinary(
  name: string,
  kernel: (x: Strided, y: Strided) => Strided,
  rule: (ct: Tensor, x: Tensor, y: Tensor, z: Tensor) => Thunks,
): BinaryOp {
  const op: Op<None> = definePrimitive<None>({
    name,
    forward: (_, x, y) => ({ out: kernel(x as Strided, y as Strided) }),
    vjp: (ct, { ins: [x, y], out }) => rule(ct, x as Tensor, y as Tensor, out),
  });
  return (x: Operand, y: Operand): Tensor<never> => op({}, ...broadcastPair(name, x, y)) as Tensor<never>;
}

export function defineUnary(name: string, kernel: (x: Strided) => Strided, rule: (ct: Tensor, x: Tensor, y: Tensor) => Tensor): UnaryOp {
  const op: Op<None> = definePrimitive<None>({
    name,
    forward: (_, x) => ({ out: kernel(x as Strided) }),
    vjp: (ct: Tensor, { ins: [x], out }: VjpContext<None, never>) => [() => rule(ct, x as Tensor, out)],
  });
  return <S extends Shape>(x: Tensor<S>) => op({}, x) as Tensor as Tensor<S>;
}

/** z = x + y */
export const add: BinaryOp = defineBinary("add", addKernel, (ct) => [() => ct, () => ct]);

/** z = x − y */
export const sub: BinaryOp = defineBinary("sub", subKernel, (ct) => [() => ct, () => neg(ct)]);

/** z = x ⊙ y */
export const mul: BinaryOp = defineBinary("mul", mulKernel, (ct, x, y) => [() => mul(ct, y), () => mul(ct, x)]);

/** z = x ⊘ y */
export const div: BinaryOp = defineBinary("div", divKernel, (ct, _, y, z) => [() => div(ct, y), () => neg(div(mul(ct, z), y))]);

/** y = −x */
export const neg: UnaryOp = defineUnary("neg", negKernel, (ct) => neg(ct));

/** y = |x|, with derivative sign(x): 0 at 0. */
export const abs: UnaryOp = defineUnary("abs", absKernel, (ct, x) => mul(ct, sign(x)));

/** −1, 0 or 1 (NaN of NaN); its derivative is 0 everywhere. */
export const sign: UnaryOp = (() => {
  const op = definePrimitive<None>({ name: "sign", forward: (_, x) => ({ out: signKernel(x as Strided) }), vjp: () => [null] });
  return <S extends Shape>(x: Tensor<S>) => op({}, x) as Tensor as Tensor<S>;
})();

/** How much of the cotangent goes to x where z is x, y or both: 1, 0 or ½; NaN where z is NaN. */
function share(x: Tensor, y: Tensor, z: Tensor): Tensor {
  const attained = equal(x, z);
  return div(attained, add(attained, equal(y, z)));
}

/** z = max(x, y); at a tie each side gets half of the cotangent. NaN if either is, and so are both cotangents. */
export const maximum: BinaryOp = defineBinary("maximum", maximumKernel, (ct, x, y, z) => [
  () => mul(ct, share(x, y, z)),
  () => mul(ct, share(y, x, z)),
]);

/** z = min(x, y); at a tie each side gets half of the cotangent. NaN if either is, and so are both cotangents. */
export const minimum: BinaryOp = defineBinary("minimum", minimumKernel, (ct, x, y, z) => [
  () => mul(ct, share(x, y, z)),
  () => mul(ct, share(y, x, z)),
]);

/** c·x for a plain number c. */
export const scale = <S extends Shape>(c: number, x: Tensor<S>): Tensor<S> => mul(c, x);
