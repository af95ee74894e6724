import type { GPU } from "gpu.js";

/**
 * What kernels may call besides Math. gpu.js makes every variable a float, which is exact for whole numbers below 2²⁴ only, and every division one of
 * floats. So a position in memory is never put into a variable: it is written as one expression of integers, with these.
 */
const natives = [
  {
    name: "quotient",
    types: { a: "Integer", b: "Integer" },
    returns: "Integer",
    glsl: "int quotient(int a, int b) { return a / b; }",
    js: "function quotient(a, b) { return Math.floor(a / b); }",
  },
  {
    name: "remainder",
    types: { a: "Integer", b: "Integer" },
    returns: "Integer",
    glsl: "int remainder(int a, int b) { return a - (a / b) * b; }",
    js: "function remainder(a, b) { return a % b; }",
  },
  {
    name: "whole",
    types: { a: "Number" },
    returns: "Integer",
    glsl: "int whole(float a) { return int(a); }",
    js: "function whole(a) { return a; }",
  },
  {
    // Exact, where exp2 and pow need not be.
    name: "powerOfTwo",
    types: { k: "Number" },
    returns: "Number",
    glsl: "float powerOfTwo(float k) { return _pow2(k); }",
    js: "function powerOfTwo(k) { return Math.pow(2, k); }",
  },
] as const;

export function addNatives(gpu: GPU, mode: string): void {
  for (const { name, types, returns, glsl, js } of natives) {
    const settings = { argumentTypes: { ...types }, returnType: returns };
    if (mode === "cpu") gpu.addFunction(js as never, settings as never);
    else gpu.addNativeFunction(name, glsl, settings as never);
  }
}
