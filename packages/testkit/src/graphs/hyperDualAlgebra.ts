import type { Algebra } from "./expression.ts";
import { applied, type HyperDual, hyperDual, multiplied, plus } from "./hyperDual.ts";
import { jets } from "./jets.ts";

/** Rows of hyper-dual numbers. */
export type HyperMatrix = readonly (readonly HyperDual[])[];

type Cell = (i: number, j: number) => HyperDual;

const zero = hyperDual(0);
const one = hyperDual(1);
const cell = (x: HyperMatrix, i: number, j: number): HyperDual => x[i]?.[j] ?? zero;
const shape = (x: HyperMatrix): readonly [number, number] => [x.length, x[0]?.length ?? 0];
const build = (m: number, n: number, at: Cell): HyperMatrix =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => at(i, j)));

const call = (name: string, x: HyperDual): HyperDual => applied(jets[name] as (typeof jets)[string], x);
const each = (x: HyperMatrix, f: (x: HyperDual) => HyperDual): HyperMatrix => x.map((row) => row.map(f));
const total = (xs: readonly HyperDual[]): HyperDual => xs.reduce(plus, zero);
const onePlusSquare = (x: HyperDual): HyperDual => plus(one, multiplied(x, x));
const negated = (x: HyperDual): HyperDual => call("neg", x);

/** ln Σ e^(x − shift) + shift, and each e^(x − shift) divided by the sum; the shift is a constant. */
function exponentials(line: readonly HyperDual[]): { readonly shares: readonly HyperDual[]; readonly log: HyperDual } {
  const shift = Math.max(...line.map((x) => x.parts[0]));
  const powers = line.map((x) => call("exp", plus(x, hyperDual(-shift))));
  const sum = total(powers);
  const inverse = call("reciprocal", sum);
  return { shares: powers.map((p) => multiplied(p, inverse)), log: plus(call("log", sum), hyperDual(shift)) };
}

const column = (x: HyperMatrix, j: number): readonly HyperDual[] => x.map((_, i) => cell(x, i, j));

/**
 * Windows of p × q every s rows and columns, padded to ⌈m/s⌉ × ⌈n/s⌉ of them, the surplus below and to the right: f of the pixels under each,
 * with their place in the window.
 */
function windows(
  x: HyperMatrix,
  [p, q, s]: readonly [number, number, number],
  f: (pixels: readonly (readonly [x: HyperDual, i: number, j: number])[]) => HyperDual,
): HyperMatrix {
  const [m, n] = shape(x);
  const before = (extent: number, k: number): number => Math.floor(Math.max(0, (Math.ceil(extent / s) - 1) * s + k - extent) / 2);
  return build(Math.ceil(m / s), Math.ceil(n / s), (row, col) => {
    const [top, left] = [row * s - before(m, p), col * s - before(n, q)];
    const places = Array.from({ length: p * q }, (_, t) => [Math.floor(t / q), t % q] as const);
    const inside = places.filter(([i, j]) => x[top + i]?.[left + j] !== undefined);
    return f(inside.map(([i, j]) => [cell(x, top + i, left + j), i, j]));
  });
}

const unaries: Readonly<Record<string, (x: HyperMatrix, k: number) => HyperMatrix>> = {
  "exp tanh": (x) => each(x, (a) => call("exp", call("tanh", a))),
  "log (1 + x²)": (x) => each(x, (a) => call("log", onePlusSquare(a))),
  "sqrt (1 + x²)": (x) => each(x, (a) => call("sqrt", onePlusSquare(a))),
  softmax: (x, k) =>
    k % 2 === 1 ? x.map((row) => exponentials(row).shares) : build(...shape(x), (i, j) => exponentials(column(x, j)).shares[i] ?? zero),
  logsumexp: (x, k) =>
    k % 2 === 1 ? x.map((row) => [exponentials(row).log]) : build(1, shape(x)[1], (_, j) => exponentials(column(x, j)).log),
  transpose: (x) => build(shape(x)[1], shape(x)[0], (i, j) => cell(x, j, i)),
  flip: (x, k) => {
    const [m, n] = shape(x);
    return build(m, n, (i, j) => (k % 2 === 0 ? cell(x, m - 1 - i, j) : cell(x, i, n - 1 - j)));
  },
  sum: (x) => [[total(x.flat())]],
  gather: (x, k) => build(x.length + 1, shape(x)[1], (i, j) => cell(x, (i + k) % x.length, j)),
  scatterAdd: (x, k) => build(2, shape(x)[1], (i, j) => total(column(x, j).filter((_, from) => (from * k) % 2 === i))),
  slice: (x, k) => {
    const [m, n] = shape(x);
    return build(m, Math.ceil((n - (k % n)) / 2), (i, j) => cell(x, i, (k % n) + 2 * j));
  },
  pad: (x, k) => {
    const [m, n] = shape(x);
    const top = k % 2;
    return build(m + top, n + 1, (i, j) => (i < top || j === n ? hyperDual(0.5) : cell(x, i - top, j)));
  },
  avgPool2d: (x, k) =>
    windows(x, [2, 1 + (k % 3), 1 + (k % 2)], (pixels) => multiplied(hyperDual(1 / pixels.length), total(pixels.map(([a]) => a)))),
};

/** Element by element, an extent of 1 standing for every index. */
const elementwise = (x: HyperMatrix, y: HyperMatrix, f: (a: HyperDual, b: HyperDual) => HyperDual): HyperMatrix => {
  const [[m, n], [p, q]] = [shape(x), shape(y)];
  const of = (z: HyperMatrix, i: number, j: number): HyperDual => cell(z, shape(z)[0] === 1 ? 0 : i, shape(z)[1] === 1 ? 0 : j);
  return build(Math.max(m, p), Math.max(n, q), (i, j) => f(of(x, i, j), of(y, i, j)));
};

const binaries: Readonly<Record<string, (x: HyperMatrix, y: HyperMatrix, k: number) => HyperMatrix>> = {
  add: (x, y) => elementwise(x, y, plus),
  sub: (x, y) => elementwise(x, y, (a, b) => plus(a, negated(b))),
  mul: (x, y) => elementwise(x, y, (a, b) => multiplied(call("sin", a), b)),
  "div (1 + y²)": (x, y) => elementwise(x, y, (a, b) => multiplied(a, call("reciprocal", onePlusSquare(b)))),
  // xʸ = e^(y ln x)
  "pow (1 + x²)": (x, y) =>
    elementwise(x, y, (a, b) => call("exp", multiplied(call("tanh", b), call("log", onePlusSquare(call("sin", a)))))),
  matmul: (x, y) => build(x.length, shape(y)[1], (i, j) => total((x[i] ?? []).map((a, p) => multiplied(call("sin", a), cell(y, p, j))))),
  concat: (x, y, k) => (k % 2 === 0 ? [...x, ...y] : x.map((row, i) => [...row, ...(y[i] ?? [])])),
  conv2d: (x, y, k) =>
    windows(x, [...shape(y), 1 + (k % 2)], (pixels) => total(pixels.map(([a, i, j]) => multiplied(call("sin", a), cell(y, i, j))))),
};

/** The judge: plain loops over hyper-dual numbers, with nothing of the tensor package in it. */
export const hyperDualAlgebra: Algebra<HyperMatrix> = {
  shape,
  unary: (name, x, k) => unaries[name]?.(x, k) ?? each(x, (a) => call(name, a)),
  binary: (name, x, y, k) => (binaries[name] as (typeof binaries)[string])(x, y, k),
};
