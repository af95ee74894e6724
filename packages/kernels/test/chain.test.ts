import "@lodo/preconditioner";
import { createArena, type Data, type DType, epsilon, kernels, type Strided, Tensor, tensor, view, withBackend } from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simd } from "../src/index.ts";

interface Chain {
  readonly permutations: readonly Int32Array[];
  readonly transposed: boolean;
}
type Forward = (chain: Chain, θ: Strided, v: Strided) => { readonly out: Strided; readonly saved: Strided };
type Backward = (chain: Chain, ct: Strided, θ: Strided, saved: Strided) => readonly [θ: Strided, v: Strided];
type GramForward = (permutations: readonly Int32Array[], θ: Strided, v: Strided) => { readonly out: Strided; readonly saved: Strided };
type GramBackward = (permutations: readonly Int32Array[], ct: Strided, θ: Strided, saved: Strided) => readonly [θ: Strided, v: Strided];

const backend = await simd({ memory: 2 ** 26 });
const here = (name: string): unknown => backend.kernels.get(name);
const reference = (name: string): unknown => kernels.get(name)?.reference;

const cases = fc
  .record({
    N: fc.integer({ min: 0, max: 4 }),
    b: fc.constantFrom(0, 1, 2, 3, 5, 51, 300, 600),
    k: fc.constantFrom(1, 2, 3, 4, 5, 7, 8),
    transposed: fc.boolean(),
    dtype: fc.constantFrom<DType>("float64", "float32"),
    heaped: fc.boolean(),
    reversed: fc.boolean(),
    seed: fc.integer(),
  })
  .map((shape) => {
    const { N, b, k, dtype, heaped, reversed, seed } = shape;
    const width = b * k;
    // Numbers without a pattern, some of them large, from a linear congruence.
    let state = seed >>> 0;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 31 - 1;
    };
    const permutations = Array.from({ length: N }, () => {
      const keys = Array.from({ length: width }, next);
      return Int32Array.from(keys.keys()).sort((i, j) => (keys[i] as number) - (keys[j] as number));
    });
    const storage = (dims: readonly number[]): Strided => {
      const size = dims.reduce((a, n) => a * n, 1);
      const flat = tensor(Float64Array.from({ length: size }, next), [size], { dtype }).storage;
      const dense = dims.map((_, d) => dims.slice(d + 1).reduce((a, n) => a * n, 1));
      return reversed && dims.length === 1 ? view(flat, dims, [-1], size - 1) : view(flat, dims, dense, 0);
    };
    const inputs = (): readonly [θ: Strided, v: Strided, ct: Strided] => [storage([N, b, k, k]), storage([width]), storage([width])];
    const made = heaped ? withBackend(backend, () => createArena().run(inputs, () => [])) : inputs();
    return { ...shape, chain: { permutations, transposed: shape.transposed }, θ: made[0], v: made[1], ct: made[2] };
  });

const numbers = (x: Strided): Data => Float64Array.from({ length: x.size }, (_, i) => at(x, i));
const at = (x: Strided, i: number): number => {
  let [rest, place] = [i, x.offset];
  for (let d = x.shape.length - 1; d >= 0; d--) {
    const n = x.shape[d] as number;
    place += (rest % n) * (x.stride[d] as number);
    rest = Math.floor(rest / n);
  }
  return x.data[place] as number;
};
const absolute = (x: Strided): Strided => tensor(numbers(x).map(Math.abs), [...x.shape]).storage;
const double = (x: Strided): Strided => tensor(numbers(x), [...x.shape]).storage;

describe("chains in vectors", () => {
  it("agree with the reference, forward and backward, to the rounding of their sums", () => {
    fc.assert(
      fc.property(cases, ({ N, k, dtype, chain, θ, v, ct }) => {
        const got = (here("chainForward") as Forward)(chain, θ, v);
        const exact = (reference("chainForward") as Forward)(chain, double(θ), double(v));
        const size = (reference("chainForward") as Forward)(chain, absolute(θ), absolute(v));
        // Each layer rounds k products and k − 1 sums, here and (in float64) in the reference; errors pass through |B|.
        const bound = 2 * N * (k + 1) * epsilon[dtype];
        near(got.out, exact.out, size.out, bound);
        near(got.saved, exact.saved, size.saved, bound);
        const [θ̄, v̄] = (here("chainBackward") as Backward)(chain, ct, θ, got.saved);
        const [θ̄Exact, v̄Exact] = (reference("chainBackward") as Backward)(chain, double(ct), double(θ), exact.saved);
        const [θ̄Size, v̄Size] = (reference("chainBackward") as Backward)(chain, absolute(ct), absolute(θ), size.saved);
        // The outer product of two vectors, each with the error of its chain.
        near(θ̄, θ̄Exact, θ̄Size, 2 * bound + 2 * epsilon[dtype]);
        near(v̄, v̄Exact, v̄Size, bound);
        // G̃ᵀ G̃: two such chains.
        const { permutations } = chain;
        const gram = (here("chainGramForward") as GramForward)(permutations, θ, v);
        const gramExact = (reference("chainGramForward") as GramForward)(permutations, double(θ), double(v));
        const gramSize = (reference("chainGramForward") as GramForward)(permutations, absolute(θ), absolute(v));
        near(gram.out, gramExact.out, gramSize.out, 2 * bound);
        near(gram.saved, gramExact.saved, gramSize.saved, 2 * bound);
        const cts = (here("chainGramBackward") as GramBackward)(permutations, ct, θ, gram.saved);
        const ctsExact = (reference("chainGramBackward") as GramBackward)(permutations, double(ct), double(θ), gramExact.saved);
        const ctsSize = (reference("chainGramBackward") as GramBackward)(permutations, absolute(ct), absolute(θ), gramSize.saved);
        near(cts[0], ctsExact[0], ctsSize[0], 4 * bound + 3 * epsilon[dtype]);
        near(cts[1], ctsExact[1], ctsSize[1], 2 * bound);
      }),
      { numRuns: 50 },
    );
  });

  it("give the same bits from the heap and from ordinary memory, and leave their inputs as they are", () => {
    fc.assert(
      fc.property(cases, ({ chain, θ, v, ct }) => {
        const before = [θ, v, ct].map(numbers);
        const run = (): readonly Data[] => {
          const { out, saved } = (here("chainForward") as Forward)(chain, θ, v);
          const gram = (here("chainGramForward") as GramForward)(chain.permutations, θ, v);
          const cotangents = [
            ...(here("chainBackward") as Backward)(chain, ct, θ, saved),
            ...(here("chainGramBackward") as GramBackward)(chain.permutations, ct, θ, gram.saved),
          ];
          return [out, saved, gram.out, gram.saved, ...cotangents].map(numbers);
        };
        const outside = run();
        const arena = createArena();
        for (let t = 0; t < 2; t++) expect(withBackend(backend, () => arena.run(run, () => []))).toEqual(outside);
        expect([θ, v, ct].map(numbers)).toEqual(before);
      }),
      { numRuns: 25 },
    );
  });

  it("leave lists that are no permutations to the reference", () => {
    const chain = { permutations: [Int32Array.of(0, 0, 1, 7)], transposed: false };
    const [θ, v] = [tensor(new Float64Array(8).fill(1), [1, 2, 2, 2]).storage, tensor([1, 2, 3, 4], [4]).storage];
    expect(numbers((here("chainForward") as Forward)(chain, θ, v).out)).toEqual(
      numbers((reference("chainForward") as Forward)(chain, θ, v).out),
    );
  });
});

function near(got: Strided, expected: Strided, size: Strided, bound: number): void {
  expect(new Tensor(got).shape).toEqual(new Tensor(expected).shape);
  const [g, e, s] = [numbers(got), numbers(expected), numbers(size)];
  g.forEach((x, i) => {
    const error = Math.abs(x - (e[i] as number));
    if (!(error <= bound * (s[i] as number))) expect.fail(`[${i}]: ${x} for ${e[i]}, error ${error} above ${bound * (s[i] as number)}`);
  });
}
