import compile from "cwise-compiler";
import ops from "ndarray-ops";
import type { Data, DType, Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage, isContiguous } from "../../storage.ts";
import { strided } from "../../strided.ts";
import { portable } from "./portable.ts";

type Unary = Kernel<readonly [x: Strided], Strided>;
type Binary = Kernel<readonly [x: Strided, y: Strided], Strided>;

const dtypeOf = ({ dtype }: Strided): DType => dtype;

/** From one number to the next in row-major order: 1 where the view is dense, 0 where it is constant, null elsewhere. */
const stepOf = (v: Strided): 0 | 1 | null => (isContiguous(v) ? 1 : v.stride.every((s) => s === 0) ? 0 : null);

/** The views as vectors, where each is dense or constant: one flat loop then serves every rank, whatever stands still. */
function flatten<Views extends readonly [Strided, Strided, ...Strided[]]>(...views: Views): Views {
  if (views[0].shape.length === 1) return views;
  const strides = views.map(stepOf);
  if (strides.includes(null)) return views;
  return views.map((v, i) => strided(v.data, [v.size], [strides[i] as number], v.offset)) as unknown as Views;
}

/** out[i] = f(x[p + i s]) */
type FlatUnary = (out: Data, x: Data, p: number, s: number) => void;
/** out[i] = f(x[p + i s], y[q + i t]) */
type FlatBinary = (out: Data, x: Data, p: number, s: number, y: Data, q: number, t: number) => void;

/** `flat` serves dense and constant views without the overhead of `loop`, which matters where they are short. */
const unary = (name: string, loop: (...views: Strided[]) => unknown, flat?: FlatUnary): Unary =>
  defineKernel(name, (x) => {
    const out = emptyStorage(x.shape, dtypeOf(x));
    const step = flat ? stepOf(x) : null;
    if (flat && step !== null) flat(out.data, x.data, x.offset, step);
    else loop(...flatten(out, x));
    return out;
  });

/** Both inputs have the shape of the output. */
const binary = (name: string, loop: (...views: Strided[]) => unknown, flat?: FlatBinary): Binary =>
  defineKernel(name, (x, y) => {
    const out = emptyStorage(x.shape, dtypeOf(x));
    const [s, t] = flat ? [stepOf(x), stepOf(y)] : [null, null];
    if (flat && s !== null && t !== null) flat(out.data, x.data, x.offset, s, y.data, y.offset, t);
    else loop(...flatten(out, x, y));
    return out;
  });

const EMPTY = { args: [], body: "", thisVars: [], localVars: [] } as const;
const write = (name: string) => ({ name, lvalue: true, rvalue: false, count: 1 });
const use = (name: string) => ({ name, lvalue: false, rvalue: true, count: 1 });

/**
 * A loop of our own for what ndarray-ops lacks, or computes with the engine's Math: `out = expression` with x, y, z the arrays and f a
 * function handed in.
 */
function loop(name: string, arrays: readonly string[], expression: string, f: unknown = null): (...views: Strided[]) => void {
  const compiled = compile({
    args: ["array", ...arrays.map(() => "array" as const), "scalar"],
    pre: EMPTY,
    body: { args: [write("out"), ...arrays.map(use), use("f")], body: `out=${expression}`, thisVars: [], localVars: [] },
    post: EMPTY,
    funcName: name,
  });
  return (...views) => compiled(...views, f);
}

const map = (name: string, f: (x: number) => number): Unary => unary(name, loop(name, ["x"], "f(x)", f));

export const addKernel: Binary = binary("add", ops.add, (out, x, p, s, y, q, t) => {
  for (let i = 0; i < out.length; i++, p += s, q += t) out[i] = (x[p] as number) + (y[q] as number);
});
export const subKernel: Binary = binary("sub", ops.sub, (out, x, p, s, y, q, t) => {
  for (let i = 0; i < out.length; i++, p += s, q += t) out[i] = (x[p] as number) - (y[q] as number);
});
export const mulKernel: Binary = binary("mul", ops.mul, (out, x, p, s, y, q, t) => {
  for (let i = 0; i < out.length; i++, p += s, q += t) out[i] = (x[p] as number) * (y[q] as number);
});
export const divKernel: Binary = binary("div", ops.div, (out, x, p, s, y, q, t) => {
  for (let i = 0; i < out.length; i++, p += s, q += t) out[i] = (x[p] as number) / (y[q] as number);
});
export const powKernel: Binary = binary("pow", loop("pow", ["x", "y"], "f(x,y)", portable.pow));
export const maximumKernel: Binary = binary("maximum", ops.max);
export const minimumKernel: Binary = binary("minimum", ops.min);

export const negKernel: Unary = unary("neg", ops.neg, (out, x, p, s) => {
  for (let i = 0; i < out.length; i++, p += s) out[i] = -(x[p] as number);
});
export const absKernel: Unary = unary("abs", ops.abs);
export const sqrtKernel: Unary = unary("sqrt", ops.sqrt, (out, x, p, s) => {
  for (let i = 0; i < out.length; i++, p += s) out[i] = Math.sqrt(x[p] as number);
});
export const signKernel: Unary = unary("sign", loop("sign", ["x"], "x>0?1:x<0?-1:x"));
export const expKernel: Unary = map("exp", portable.exp);
export const logKernel: Unary = map("log", portable.log);
export const tanhKernel: Unary = map("tanh", portable.tanh);
export const sigmoidKernel: Unary = map("sigmoid", portable.sigmoid);
export const atanKernel: Unary = map("atan", portable.atan);
/** ct / (1 + x²) */
export const atanGradientKernel: Kernel<readonly [ct: Strided, x: Strided], Strided> = binary(
  "atanGradient",
  loop("atanGradient", ["x", "y"], "x/(1+y*y)"),
);
export const sinKernel: Unary = map("sin", portable.sin);
export const cosKernel: Unary = map("cos", portable.cos);

/** 1 where the comparison holds, 0 elsewhere. */
export const greaterKernel: Binary = binary("greater", loop("greater", ["x", "y"], "x>y?1:0"));
export const greaterEqualKernel: Binary = binary("greaterEqual", loop("greaterEqual", ["x", "y"], "x>=y?1:0"));
export const equalKernel: Binary = binary("equal", loop("equal", ["x", "y"], "x===y?1:0"));

const selectLoop = loop("select", ["x", "y", "z"], "x!==0?y:z");

/** y where x is not zero, z elsewhere. */
export const selectKernel: Kernel<readonly [x: Strided, y: Strided, z: Strided], Strided> = defineKernel("select", (x, y, z) => {
  const out = emptyStorage(x.shape, dtypeOf(y));
  selectLoop(...flatten(out, x, y, z));
  return out;
});

/** The numbers in another dtype, rounded to nearest. */
export const castKernel: Kernel<readonly [x: Strided, dtype: DType], Strided> = defineKernel("cast", (x, dtype) => {
  const out = emptyStorage(x.shape, dtype);
  ops.assign(...flatten(out, x));
  return out;
});
