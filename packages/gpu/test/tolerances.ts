import { epsilon, type Strided } from "@lodo/tensor";
import { arraysIn, inFloat64, type KernelCases, referenceKernel } from "@lodo/testkit";

type Tolerance = Exclude<KernelCases["tolerance"], "exact">;

/** Below it a GPU may take numbers for 0. */
const UNDERFLOW = 2 ** -126;

/**
 * So many units in the last place: a GPU need not round to nearest, so each of its operations may be off by a whole one, and a division by 2.5 (the
 * limits of the OpenGL ES shading language 3.0, §4.5.1, and of Vulkan). The reference's own half is among them.
 */
export const ulps =
  (count: number): Tolerance =>
  (_, [expected]) => [Float64Array.from(expected as ArrayLike<number>, (y) => count * epsilon.float32 * Math.abs(y) + UNDERFLOW)];

/**
 * For sums of `terms` products: each product and each addition is off by at most ε of its result, in any order, so that the sum is within
 * (1 + ε)^(terms + 1) − 1 of Σ|a||b| (Higham, Accuracy and Stability of Numerical Algorithms, 2002, §3.1), plus the reference's rounding.
 */
export const sumsOf =
  (kernel: string, terms: (args: readonly unknown[]) => number): Tolerance =>
  (args) => {
    const bound = (1 + epsilon.float32) ** (terms(args) + 2) - 1;
    return arraysIn(referenceKernel(kernel)(...inFloat64(args, Math.abs))).map((sums) =>
      Float64Array.from(sums, (s) => bound * s + (terms(args) + 1) * UNDERFLOW),
    );
  };

export const shapeOf = (x: unknown): readonly number[] => (x as Strided).shape;
