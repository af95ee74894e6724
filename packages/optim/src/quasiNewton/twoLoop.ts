import { contiguousKernel, defineKernel, emptyStorage, type Kernel, type Strided, Tensor, type Vector } from "@lodo/tensor";
import type { Pair } from "./pair.ts";

interface StridedPair {
  readonly s: Strided;
  readonly y: Strided;
  readonly sy: number;
}

/** The two-loop recursion (Nocedal & Wright 2006, Algorithm 7.4) on raw memory: 4 n multiply-adds a pair. Sums are in float64. */
const twoLoopKernel: Kernel<readonly [pairs: readonly StridedPair[], γ: number, v: Strided], Strided> = defineKernel(
  "twoLoop",
  (pairs, γ, v) => {
    const n = v.shape[0] as number;
    const r = new Float64Array(n);
    for (let i = 0; i < n; i++) r[i] = v.data[v.offset + i] as number;
    const α = new Float64Array(pairs.length);
    for (let k = pairs.length - 1; k >= 0; k--) {
      const { s, y, sy } = pairs[k] as StridedPair;
      // α = sᵀr / sᵀy,   r ← r − α y
      α[k] = inner(s, r) / sy;
      accumulate(r, -(α[k] as number), y);
    }
    // r ← γ r
    for (let i = 0; i < n; i++) r[i] = γ * (r[i] as number);
    for (const [k, { s, y, sy }] of pairs.entries()) {
      // β = yᵀr / sᵀy,   r ← r + (α − β) s
      accumulate(r, (α[k] as number) - inner(y, r) / sy, s);
    }
    const out = emptyStorage([n], v.dtype);
    out.data.set(r);
    return out;
  },
);

function inner({ data, offset }: Strided, r: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < r.length; i++) sum += (data[offset + i] as number) * (r[i] as number);
  return sum;
}

function accumulate(r: Float64Array, c: number, { data, offset }: Strided): void {
  for (let i = 0; i < r.length; i++) r[i] = (r[i] as number) + c * (data[offset + i] as number);
}

/** H v, where H is γ I updated by the pairs, oldest first. v: [n] → [n]. It is not differentiable. */
export function twoLoop(pairs: readonly Pair[], γ: number, v: Vector): Vector {
  const strided = pairs.map(({ s, y, sy }) => ({ s: contiguousKernel(s.storage), y: contiguousKernel(y.storage), sy }));
  return new Tensor(twoLoopKernel(strided, γ, contiguousKernel(v.storage)));
}
