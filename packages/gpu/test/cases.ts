import { type KernelCases, type ViewData, viewOf } from "@lodo/testkit";
import { type Arbitrary, array, constant, constantFrom, integer, record, subarray, tuple } from "fast-check";
import { shapeOf, sumsOf, ulps } from "./tolerances.ts";
import { windowCases } from "./windowCases.ts";

const dtype = "float32";
type Numbers = "ordinary" | "positive" | "integers" | "wide" | "tens";
type Axes = readonly number[];

const count = (least: number, most: number): Arbitrary<number> => integer({ min: least, max: most });
const shapes: Arbitrary<Axes> = array(count(1, 6), { maxLength: 4 });

const views = (howMany: number, numbers: Numbers = "ordinary"): Arbitrary<readonly ViewData[]> =>
  shapes.chain((shape) => tuple(...Array.from({ length: howMany }, () => viewOf(shape, { dtype, numbers }))));

/** The rounding errors of the polynomials are those that the Cephes library states, 2 units; scaling and the reference add one each. */
const unary = { neg: 1, abs: 1, sign: 1, sqrt: 4, exp: 4, atan: 4, tanh: 5, sigmoid: 8 } as const;
const binary = { add: 1, sub: 1, mul: 2, div: 4, maximum: 1, minimum: 1, greater: 1, greaterEqual: 1, equal: 1, atanGradient: 6 } as const;

const elementwiseCases: readonly KernelCases[] = [
  ...Object.entries(unary).map(([kernel, error]) => ({
    kernel,
    calls: kernel === "sqrt" ? views(1, "positive") : constantFrom<Numbers>("ordinary", "tens").chain((kind) => views(1, kind)),
    tolerance: ulps(error),
  })),
  ...Object.entries(binary).map(([kernel, error]) => ({
    kernel,
    calls: constantFrom<Numbers>("ordinary", "integers").chain((kind) => views(2, kernel === "div" ? "ordinary" : kind)),
    tolerance: ulps(error),
  })),
  { kernel: "select", calls: views(3, "integers"), tolerance: ulps(1) },
];

const layoutCases: readonly KernelCases[] = [
  { kernel: "contiguous", calls: views(1, "wide"), tolerance: ulps(1) },
  {
    kernel: "embed",
    calls: shapes
      .chain((shape) =>
        tuple(viewOf(shape, { dtype }), tuple(...shape.map(() => record({ before: count(0, 3), after: count(0, 3), step: count(1, 3) })))),
      )
      .chain(([x, each]) => tuple(constant(x), constant(each), tuple(...x.shape.map(() => constantFrom(true, false)))))
      .map(([x, each, backwards]) => {
        const reach = x.shape.map((n, d) => (n - 1) * (each[d]?.step ?? 1));
        return [
          x,
          reach.map((r, d) => (each[d]?.before ?? 0) + r + 1 + (each[d]?.after ?? 0)),
          reach.map((r, d) => (each[d]?.before ?? 0) + (backwards[d] ? r : 0)),
          each.map(({ step }, d) => (backwards[d] ? -step : step)),
        ];
      }),
    tolerance: ulps(1),
  },
];

const reductionCases: readonly KernelCases[] = [
  {
    kernel: "sum",
    calls: tuple(constantFrom<Axes>([3, 5, 2], [200], [2, 70, 3], [65, 66], [4], [], [3, 1, 4, 2]), constant(0))
      .chain(([shape]) => tuple(viewOf(shape, { dtype }), subarray(shape.map((_, d) => d))))
      .map(([x, axes]) => [x, axes]),
    tolerance: sumsOf("sum", ([x, axes]) => (axes as Axes).reduce((n, d) => n * (shapeOf(x)[d] as number), 1)),
  },
];

const matmulCases: readonly KernelCases[] = [
  {
    kernel: "matmul",
    calls: tuple(count(1, 3), count(1, 9), count(1, 18), count(1, 9)).chain(([b, m, k, n]) =>
      tuple(viewOf([b, m, k], { dtype }), viewOf([b, k, n], { dtype })),
    ),
    tolerance: sumsOf("matmul", ([A]) => 4 * Math.ceil((shapeOf(A)[2] as number) / 4)),
  },
];

export const gpuCases: readonly KernelCases[] = [
  ...[...elementwiseCases, ...layoutCases, ...reductionCases, ...matmulCases],
  ...windowCases,
];
