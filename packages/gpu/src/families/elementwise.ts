import { deviceOf, type Strided } from "@lodo/tensor";
import type { Bench, Rule } from "../rule.ts";
import { atan, exp, sigmoid, tanh } from "../source/functions.ts";
import { coordinates, merged, position, sizeOf } from "../source/positions.ts";

/** Statements that return a number from numbers a, b and c. */
const bodies: Readonly<Record<string, string>> = {
  neg: "return -a;",
  abs: "return Math.abs(a);",
  sqrt: "return Math.sqrt(a);",
  sign: "let y = a; if (a > 0.0) { y = 1.0; } if (a < 0.0) { y = -1.0; } return y;",
  exp: exp,
  sigmoid: sigmoid,
  tanh: tanh,
  atan: atan,
  add: "return a + b;",
  sub: "return a - b;",
  mul: "return a * b;",
  div: "return a / b;",
  maximum: "return Math.max(a, b);",
  minimum: "return Math.min(a, b);",
  atanGradient: "return a / (1.0 + b * b);",
  greater: "let y = 0.0; if (a > b) { y = 1.0; } return y;",
  greaterEqual: "let y = 0.0; if (a >= b) { y = 1.0; } return y;",
  equal: "let y = 0.0; if (a === b) { y = 1.0; } return y;",
  select: "let y = b; if (a === 0.0) { y = c; } return y;",
};

/** One number in ordinary memory, for every element: it goes along with the call, without a texture. */
const isConstant = (x: Strided): boolean => !deviceOf(x) && x.shape.every((n, d) => n === 1 || x.stride[d] === 0);

export function mapOnDevice(bench: Bench, body: string, views: readonly Strided[]): ReturnType<Bench["result"]> {
  const { shape } = views[0] as Strided;
  const size = sizeOf(shape);
  const [constants, arrays] = [views.filter(isConstant), views.filter((x) => !isConstant(x))];
  const walk = merged(shape, arrays);
  const at = coordinates("this.thread.x", walk.shape);
  const names = ["a", "b", "c"];
  const loads = views.map((x, v) => {
    const i = arrays.indexOf(x);
    const number = i < 0 ? `k${constants.indexOf(x)}` : `x${i}[${position(`o${i}`, at, walk.strides[i] as number[])}]`;
    return `const ${names[v]} = ${number};`;
  });
  const parameters = [...arrays.map((_, i) => `x${i}`), ...arrays.map((_, i) => `o${i}`), ...constants.map((_, i) => `k${i}`)];
  const places = arrays.map((x) => bench.place(x));
  return bench.result(
    shape,
    { source: `function (${parameters}) { ${loads.join(" ")} ${body} }`, size, packed: false },
    places.map(({ texels }) => texels),
    { integers: places.map(({ offset }) => offset), reals: constants.map((x) => x.data[x.offset] as number) },
  );
}

export const elementwise: readonly Rule<readonly Strided[]>[] = Object.entries(bodies).map(([name, body]) => ({
  name,
  operands: (...views) => views,
  work: (x) => (x as Strided).size,
  run: (bench, ...views) => mapOnDevice(bench, body, views),
}));
