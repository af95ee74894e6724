import { expectKernel, type KernelCases, kernelCases, viewOf } from "@lodo/testkit";
import { type Arbitrary, constantFrom, tuple } from "fast-check";
import { expect, it } from "vitest";
import { simd } from "../src/index.ts";

const backend = await simd({ memory: 2 ** 28 });

/** The cases of a kernel with other calls: large enough for what they divide into blocks and pieces. */
function withCalls(kernel: string, calls: Arbitrary<readonly unknown[]>): KernelCases {
  const cases = kernelCases.find((each) => each.kernel === kernel);
  if (!cases) throw new Error(`no cases of ${kernel}`);
  return { ...cases, calls };
}

const dtypes = constantFrom("float32" as const, "float64" as const);

/**
 * A block takes half a MiB of A, but at least 4 rows: of 17 000 columns 4 rows in either dtype, of 1500 84 or 40, of 65 2016 or 1008. Below four rows, and
 * for one column, 256 results are a strip.
 */
const products = [
  [9, 17_000, 9],
  [95, 1500, 10],
  [2100, 65, 5],
  [1, 61, 700],
  [700, 61, 1],
  [3, 61, 600],
].flatMap((shape) => (["float32", "float64"] as const).map((dtype) => [...shape, dtype] as [number, number, number, typeof dtype]));

it.each(products.map((product, i) => [i + 1, ...product] as const))(
  "products of matrices in several blocks of rows agree with the reference (seed %i): %i × %i by %i in %s",
  (seed, m, k, n, dtype) => {
    const calls = tuple(viewOf([1, m, k], { dtype, repeats: false }), viewOf([1, k, n], { dtype, repeats: false }));
    expect(expectKernel(backend, withCalls("matmul", calls), { runs: 4, seed })).toBe(4 * m * n);
  },
);

it.each(["sum", "max"])("%s over several pieces agrees with the reference", (kernel) => {
  const calls = dtypes.chain((dtype) =>
    constantFrom<readonly [readonly number[], readonly number[]]>(
      [[100_003], [0]],
      [[32_768], [0]],
      [[2, 40_001], [1]],
      [[2049, 7], [0]],
      [
        [40, 60, 9],
        [0, 1],
      ],
      [[3000, 21], [0]],
    ).chain(([shape, axes]) => tuple(viewOf(shape, { dtype }), constantFrom(axes))),
  );
  expect(expectKernel(backend, withCalls(kernel, calls), { runs: 30 })).toBeGreaterThan(60);
});

it("addresses above 2 GiB, up to the last, serve as those below", async () => {
  const large = await simd({ memory: 2 ** 32 });
  const below = large.heap.reserve(2 ** 31);
  expect(below).toBeLessThan(2 ** 31);
  const served = kernelCases.filter(({ kernel }) => large.kernels.has(kernel));
  expect(served.map(({ kernel }) => kernel).sort()).toEqual([...large.kernels.keys()].sort());
  for (const cases of served) expect(expectKernel(large, cases, { runs: 20 })).toBeGreaterThan(0);
});
