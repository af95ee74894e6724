import {
  atanGradientKernel,
  atanKernel,
  cosKernel,
  expKernel,
  logKernel,
  powKernel,
  sigmoidKernel,
  sinKernel,
  sqrtKernel,
  tanhKernel,
} from "../backend/reference/elementwise.ts";
import { type BinaryOp, defineBinary, defineUnary, div, mul, neg, scale, sub, type UnaryOp } from "./arithmetic.ts";
import { equal } from "./compare.ts";
import { where } from "./select.ts";

/** y = eˣ */
export const exp: UnaryOp = defineUnary("exp", expKernel, (ct, _, y) => mul(ct, y));

/** y = ln x: −∞ at 0, NaN below. */
export const log: UnaryOp = defineUnary("log", logKernel, (ct, x) => div(ct, x));

/** y = √x: NaN below 0, where its derivative is NaN too; the derivative at 0 is +∞. */
export const sqrt: UnaryOp = defineUnary("sqrt", sqrtKernel, (ct, _, y) => div(scale(0.5, ct), y));

/** y = tanh x,  y′ = 1 − y² = 4 σ(2x) σ(−2x): the latter does not cancel where y is near 1. */
export const tanh: UnaryOp = defineUnary("tanh", tanhKernel, (ct, x) =>
  mul(ct, scale(4, mul(sigmoid(scale(2, x)), sigmoid(scale(-2, x))))),
);

/** y = σ(x) = 1/(1 + e⁻ˣ),  y′ = y (1 − y) = σ(x) σ(−x): the latter does not cancel where y is near 1. */
export const sigmoid: UnaryOp = defineUnary("sigmoid", sigmoidKernel, (ct, x, y) => mul(ct, mul(y, sigmoid(neg(x)))));

/** y = arctan x,  y′ = 1/(1 + x²) */
export const atan: UnaryOp = defineUnary("atan", atanKernel, (ct, x) => atanGradient(ct, x));

/** z = c/(1 + x²): the slope of arctan in one pass, with ∂z/∂c = 1/(1 + x²) and ∂z/∂x = −2 x z/(1 + x²). */
const atanGradient: BinaryOp = defineBinary("atanGradient", atanGradientKernel, (ct, _, x, z) => [
  () => atanGradient(ct, x),
  () => atanGradient(mul(ct, mul(scale(-2, x), z)), x),
]);

/** y = sin x */
export const sin: UnaryOp = defineUnary("sin", sinKernel, (ct, x) => mul(ct, cos(x)));

/** y = cos x */
export const cos: UnaryOp = defineUnary("cos", cosKernel, (ct, x) => neg(mul(ct, sin(x))));

/**
 * z = xʸ, with ∂z/∂x = y xʸ⁻¹ (0 where x = y = 0) and ∂z/∂y = z ln x (0 where x = 0, NaN below).
 */
export const pow: BinaryOp = defineBinary("pow", powKernel, (ct, x, y, z) => [
  () => mul(ct, mul(y, pow(where(mul(equal(x, 0), equal(y, 0)), 1, x), sub(y, 1)))),
  () => mul(ct, where(equal(x, 0), 0, mul(z, log(where(equal(x, 0), 1, x))))),
]);
