import { type Data, type DType, emptyStorage, epsilon, kernels, type Strided, view, withBackend } from "@lodo/tensor";
import { expect } from "vitest";
import { simd } from "../src/index.ts";

/** How an operand lies: dense or backwards along its second axis, on the heap or in ordinary memory. */
export interface Lie {
  readonly heaped: boolean;
  readonly reversed: boolean;
}

export const backend: Awaited<ReturnType<typeof simd>> = await simd({ memory: 2 ** 25 });
// What nothing has written is NaN, in either dtype: reading it shows.
new Uint8Array(backend.heap.buffer).fill(0xff);

// The kernels' types are their declarations'; by name they are of none.
type AnyKernel = (...args: readonly unknown[]) => never;
export const here = (name: string): AnyKernel => backend.kernels.get(name) as unknown as AnyKernel;
export const reference = (name: string): AnyKernel => kernels.get(name)?.reference as unknown as AnyKernel;

/** Numbers in (−1, 1) without a pattern, from a linear congruence. */
export function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** An array of a shape that lies so. */
export function laid(shape: readonly number[], dtype: DType, next: () => number, { heaped, reversed }: Lie): Strided {
  const x = withBackend(heaped ? backend : null, () => (heaped ? onHeap(shape, dtype) : emptyStorage(shape, dtype)));
  for (let i = 0; i < x.data.length; i++) x.data[i] = next();
  if (!reversed || x.size === 0) return x;
  const stride = x.stride.map((s, d) => (d === 1 ? -s : s));
  return view(x, x.shape, stride, x.offset + ((x.shape[1] as number) - 1) * (x.stride[1] as number));
}

function onHeap(shape: readonly number[], dtype: DType): Strided {
  const x = emptyStorage(shape, dtype);
  x.data = backend.heap.allocate(dtype, x.size);
  return x;
}

/** |x|, dense: what bounds the error of a sum. */
export function absolute(x: Strided): Strided {
  const out = emptyStorage(x.shape, x.dtype as DType);
  const dense = numbers(x);
  for (let i = 0; i < dense.length; i++) out.data[i] = Math.abs(dense[i] as number);
  return out;
}

/** The numbers of a view in row-major order. */
export function numbers(x: Strided): Data {
  const dense = reference("contiguous")(x) as Strided;
  return dense.data.slice(dense.offset, dense.offset + dense.size);
}

/** γₖ = k u / (1 − k u) of a dtype, u its unit roundoff: k roundings multiply a number by 1 + δ with |δ| ≤ γₖ. */
export function gamma(k: number, dtype: DType): number {
  const ku = (k * epsilon[dtype]) / 2;
  return ku / (1 - ku);
}

/** |actual − expected| ≤ factor · scale, number by number; what is not finite must be the same. */
export function expectWithin(actual: Strided, expected: Strided, factor: number, scale: Strided): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.dtype).toBe(expected.dtype);
  const [a, e, s] = [numbers(actual), numbers(expected), numbers(scale)];
  for (let i = 0; i < e.length; i++) {
    const [x, y] = [a[i] as number, e[i] as number];
    const near = Number.isFinite(y) ? Math.abs(x - y) <= factor * (s[i] as number) : Object.is(x, y);
    if (!near) throw new Error(`number ${i} of ${e.length}: ${x}, expected ${y} within ${factor * (s[i] as number)}`);
  }
}
