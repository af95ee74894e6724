import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  abs,
  array,
  clip,
  div,
  exp,
  jacobian,
  log,
  logSoftmax,
  logsumexp,
  max,
  maximum,
  maxPool2d,
  mean,
  min,
  minimum,
  mul,
  norm,
  pow,
  reshape,
  sigmoid,
  sign,
  slice,
  softmax,
  softmaxCrossEntropy,
  sqrt,
  sum,
  type Tensor,
  tanh,
  type Vector,
  vector,
  where,
} from "../src/index.ts";

const at = (x: Vector, i: number): Vector => slice(x, { start: [i], stop: [i + 1] });

/** What the expressions of the table are, as functions of the vector of their arguments. */
const expressions: Readonly<Record<string, (x: Vector) => Tensor>> = {
  "abs(x)": abs,
  "sign(x)": sign,
  "sqrt(x)": sqrt,
  "log(x)": log,
  "exp(x)": exp,
  "tanh(x)": tanh,
  "sigmoid(x)": sigmoid,
  "div(x, y)": (x) => div(at(x, 0), at(x, 1)),
  "mul(x, y)": (x) => mul(at(x, 0), at(x, 1)),
  "pow(x, y)": (x) => pow(at(x, 0), at(x, 1)),
  "maximum(x, y)": (x) => maximum(at(x, 0), at(x, 1)),
  "maximum(x, x)": (x) => maximum(x, x),
  "minimum(x, y)": (x) => minimum(at(x, 0), at(x, 1)),
  "clip(x, { min: -1, max: 1 })": (x) => clip(x, { min: -1, max: 1 }),
  "max(x)": (x) => max(x),
  "min(x)": (x) => min(x),
  "sum(x)": (x) => sum(x),
  "mean(x)": (x) => mean(x),
  "norm(x)": (x) => norm(x),
  "logsumexp(x)": (x) => logsumexp(x),
  "softmax(x)": (x) => softmax(x),
  "logSoftmax(x)": (x) => logSoftmax(x),
  "maxPool2d(x, { window: [1, 3] })": (x) => maxPool2d(reshape(x, [1, 1, 3, 1]), { window: [1, 3] }),
  "softmaxCrossEntropy(x, [0])": (x) => softmaxCrossEntropy(reshape(x, [1, 2]), Int32Array.of(0)),
  "where(0, log(x), x)": (x) => where(vector([0]), log(x), x),
};

interface Row {
  readonly expression: string;
  readonly x: readonly number[];
  readonly value: readonly number[];
  readonly derivative: readonly number[];
}

const numbers = (cell: string): readonly number[] => cell.split(", ").map((word) => Number(word.replace("∞", "Infinity")));

/** The rows of the page's tables: | `expression` | x | value | derivative | why | */
const rows: readonly Row[] = readFileSync(new URL("../../../docs/subgradients.md", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => {
    const [expression = "", x = "", value = "", derivative = ""] = line
      .split("|")
      .slice(1)
      .map((cell) => cell.trim());
    return { expression: expression.replaceAll("`", ""), x: numbers(x), value: numbers(value), derivative: numbers(derivative) };
  });

/** To three decimals, as the page writes them; −0 counts as 0. */
const shown = (xs: Iterable<number>): readonly number[] => [...xs].map((x) => (Number.isFinite(x) ? Math.round(x * 1000) / 1000 + 0 : x));

describe("docs/subgradients.md says what happens in", () => {
  it.for(rows.map((row) => [`${row.expression} at ${row.x.join(", ")}`, row] as const))("%s", ([, row]) => {
    const f = expressions[row.expression] as (x: Vector) => Tensor;
    const y = f(vector(row.x));
    const J = array(jacobian((x) => reshape(f(x), [y.size]))(vector(row.x)));
    expect(shown(array(y))).toEqual(row.value);
    expect(shown(J.slice(0, row.x.length))).toEqual(row.derivative);
  });

  it("each of its expressions", () => {
    expect(new Set(rows.map(({ expression }) => expression))).toEqual(new Set(Object.keys(expressions)));
  });
});
