import { abs, atan, cos, exp, log, neg, scale, sigmoid, sign, sin, sqrt, stopGradient, tanh, type UnaryOp } from "@lodo/tensor";
import { elementwise } from "../reference/operations.ts";
import { preciseAtan, preciseCos, preciseExp, preciseLog, preciseSigmoid, preciseSin, preciseTanh } from "../reference/precise.ts";
import type { Operation } from "../sample.ts";
import { one, shapes, throughViews } from "./cases.ts";
import { between, type Domain, either, ordinary } from "./domain.ts";
import { huge, hugePositive, nearZero, positive, tiny, tinyPositive, ULPS } from "./magnitudes.ts";

export interface UnarySpec {
  readonly f: UnaryOp;
  readonly reference: (x: number) => number;
  readonly domain: Domain;
  readonly large: Domain;
  readonly small: Domain;
  readonly roundings: number;
  readonly held?: readonly number[];
}

export function unary(name: string, { f, reference, domain, large, small, roundings, held }: UnarySpec): Operation {
  const of = { f, reference: elementwise(reference), roundings, ...(held && { held }) };
  return {
    name,
    samples: [
      ...Object.entries(shapes).map(([shape, extents]) => one(shape, extents, domain, of)),
      ...throughViews(domain, of),
      one("large magnitude", [3], large, of),
      one("small magnitude", [3], small, of),
    ],
  };
}

/** Elementwise functions of one tensor. */
export const unaries: readonly Operation[] = [
  unary("neg", { f: neg, reference: (x) => -x, domain: ordinary, large: huge, small: tiny, roundings: 0 }),
  unary("abs", { f: abs, reference: (x) => (x < 0 ? -x : x), domain: ordinary, large: huge, small: tiny, roundings: 0 }),
  unary("sign", { f: sign, reference: (x) => (x < 0 ? -1 : 1), domain: ordinary, large: huge, small: tiny, roundings: 0 }),
  unary("stopGradient", { f: stopGradient, reference: (x) => x, domain: ordinary, large: huge, small: tiny, roundings: 0, held: [0] }),
  unary("scale", { f: (x) => scale(-0.75, x), reference: (x) => -0.75 * x, domain: ordinary, large: huge, small: tiny, roundings: 0 }),
  unary("sqrt", { f: sqrt, reference: Math.sqrt, domain: positive, large: hugePositive, small: tinyPositive, roundings: 0 }),
  unary("exp", {
    f: exp,
    reference: preciseExp,
    domain: between(-2, 2, 1),
    large: between(20, 30, 1),
    small: nearZero(1),
    roundings: ULPS,
  }),
  unary("log", { f: log, reference: preciseLog, domain: positive, large: hugePositive, small: tinyPositive, roundings: ULPS }),
  unary("tanh", {
    f: tanh,
    reference: preciseTanh,
    domain: between(-2, 2, 0.25),
    large: either(between(6, 12, 0.25)),
    small: nearZero(0.25),
    roundings: ULPS,
  }),
  unary("sigmoid", {
    f: sigmoid,
    reference: preciseSigmoid,
    domain: between(-3, 3, 0.5),
    large: either(between(10, 20, 0.5)),
    small: nearZero(0.5),
    roundings: ULPS,
  }),
  unary("atan", {
    f: atan,
    reference: preciseAtan,
    domain: between(-2, 2, 0.2),
    large: either(between(1e3, 2e3, 300)),
    small: nearZero(0.2),
    roundings: ULPS,
  }),
  unary("sin", {
    f: sin,
    reference: preciseSin,
    domain: between(-4, 4, 0.5),
    large: either(between(100, 1000, 0.5)),
    small: nearZero(0.5),
    roundings: ULPS,
  }),
  unary("cos", {
    f: cos,
    reference: preciseCos,
    domain: between(-4, 4, 0.5),
    large: either(between(100, 1000, 0.5)),
    small: nearZero(0.5),
    roundings: ULPS,
  }),
];
