import { type DType, epsilon, type Strided } from "@lodo/tensor";
import { type Arbitrary, constantFrom, record, tuple } from "fast-check";
import { shapes } from "../extents.ts";
import { type KernelCases, numbersIn } from "../kernelCases.ts";
import { dtypes, type numbersOf, type ViewData, viewOf } from "../views.ts";

type Numbers = keyof typeof numbersOf;

/** Any number of views of one shape and dtype. */
const views = (count: number, kinds: readonly Numbers[]): Arbitrary<readonly ViewData[]> =>
  record({ shape: shapes, dtype: dtypes, numbers: constantFrom(...kinds) }).chain(({ shape, dtype, numbers }) =>
    tuple(...Array.from({ length: count }, () => viewOf(shape, { dtype, numbers }))),
  );

/** One correctly rounded operation, or none: the bits are those of the reference. */
const exact = (kernel: string, count: number, kinds: readonly Numbers[] = ["ordinary", "integers", "special", "wide"]): KernelCases => ({
  kernel,
  calls: views(count, kinds),
  tolerance: "exact",
});

/** The smallest positive number of a dtype. */
const smallest: Readonly<Record<DType, number>> = { float32: 2 ** -149, float64: 2 ** -1074 };

/**
 * So many units in the last place from the reference, which itself is within one of the true value (in float32 half a one, computed in float64 and
 * rounded); near underflow, as many of the smallest number.
 */
const approximate = (kernel: string, ulps: number, kinds: readonly Numbers[]): KernelCases => ({
  kernel,
  calls: views(1, kinds),
  tolerance: ([x], [expected]) => {
    const { dtype } = x as Strided;
    return [Float64Array.from(expected as ArrayLike<number>, (y) => ulps * Math.max(epsilon[dtype] * Math.abs(y), smallest[dtype]))];
  },
});

const everywhere: readonly Numbers[] = ["ordinary", "special", "wide", "tens"];

export const elementwiseCases: readonly KernelCases[] = [
  ...["add", "sub", "mul", "div", "maximum", "minimum", "greater", "greaterEqual", "equal"].map((kernel) => exact(kernel, 2)),
  ...["neg", "abs", "sqrt", "sign"].map((kernel) => exact(kernel, 1)),
  exact("select", 3),
  {
    kernel: "cast",
    calls: views(1, ["ordinary", "special", "wide"]).chain(([x]) => tuple(constantFrom(x as ViewData), dtypes)),
    tolerance: "exact",
  },
  ...["exp", "log", "tanh", "sigmoid", "atan"].map((kernel) => approximate(kernel, 4, everywhere)),
  {
    kernel: "atanGradient",
    calls: views(2, ["ordinary", "special"]),
    // Three roundings, and the reference's own; where x² overflows the result may be anything up to the smallest normal number times ct.
    tolerance: ([ct], [expected]) => {
      const { dtype } = ct as Strided;
      const underflow = dtype === "float32" ? 2 ** -126 : 2 ** -1022;
      const sizes = numbersIn(ct as Strided);
      return [
        Float64Array.from(
          expected as ArrayLike<number>,
          (y, i) => 4 * (epsilon[dtype] / 2) * Math.abs(y) + underflow * Math.abs(sizes[i] ?? 0),
        ),
      ];
    },
  },
];
