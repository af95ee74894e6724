import compile from "cwise-compiler";
import ndarray from "ndarray";
import ops from "ndarray-ops";
import type { DType, Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage, isContiguous } from "../../storage.ts";
import { portable } from "./portable.ts";

type Unary = Kernel<readonly [x: Strided], Strided>;
type Binary = Kernel<readonly [x: Strided, y: Strided], Strided>;

const dtypeOf = ({ dtype }: Strided): DType => dtype;

/** The views as vectors, where each is dense or constant: one flat loop then serves every rank, whatever stands still. */
function flatten<Views extends readonly [Strided, Strided, ...Strided[]]>(...views: Views): Views {
  if (views[0].shape.length === 1) return views;
  const strides = views.map((v) => (isContiguous(v) ? 1 : v.stride.every((s) => s === 0) ? 0 : null));
  if (strides.includes(null)) return views;
  return views.map((v, i) => ndarray(v.data, [v.size], [strides[i] as number], v.offset)) as unknown as Views;
}

const unary = (name: string, loop: (...views: Strided[]) => unknown): Unary =>
  defineKernel(name, (x) => {
    const out = emptyStorage(x.shape, dtypeOf(x));
    loop(...flatten(out, x));
    return out;
  });

/** Both inputs have the shape of the output. */
const binary = (name: string, loop: (...views: Strided[]) => unknown): Binary =>
  defineKernel(name, (x, y) => {
    const out = emptyStorage(x.shape, dtypeOf(x));
    loop(...flatten(out, x, y));
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

export const addKernel: Binary = binary("add", ops.add);
export const subKernel: Binary = binary("sub", ops.sub);
export const mulKernel: Binary = binary("mul", ops.mul);
export const divKernel: Binary = binary("div", ops.div);
export const powKernel: Binary = binary("pow", loop("pow", ["x", "y"], "f(x,y)", portable.pow));
export const maximumKernel: Binary = binary("maximum", ops.max);
export const minimumKernel: Binary = binary("minimum", ops.min);

export const negKernel: Unary = unary("neg", ops.neg);
export const absKernel: Unary = unary("abs", ops.abs);
export const sqrtKernel: Unary = unary("sqrt", ops.sqrt);
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
