import { contiguousKernel, type Data, defineKernel, emptyStorage, filledStorage, type Kernel, type Strided, view } from "@lodo/tensor";

/** Where the layers of a chain lie: θ is [N, b, k, k] and `permutations` holds N index lists of length b·k. */
export interface Chain {
  readonly permutations: readonly Int32Array[];
  readonly transposed: boolean;
}

/** A chain's output, and the input of every block layer, [N, b·k], which its derivatives need. */
interface ChainValue {
  readonly out: Strided;
  readonly saved: Strided;
}

/**
 * v ↦ B_N P_N ⋯ B₁ P₁ v, or v ↦ P₁ᵀ B₁ᵀ ⋯ P_Nᵀ B_Nᵀ v.
 * The blocks are walked in place: in the transposed chain they are read by columns.
 */
export const chainForwardKernel: Kernel<readonly [chain: Chain, θ: Strided, v: Strided], ChainValue> = defineKernel(
  "chainForward",
  ({ permutations, transposed }, θ, v) => {
    const [N, b, k] = θ.shape as [number, number, number];
    const width = b * k;
    const blocks = contiguousKernel(θ);
    const saved = emptyStorage([N, width], v.dtype);
    const out = emptyStorage([width], v.dtype);
    const current = out.data;
    const start = contiguousKernel(v);
    current.set(start.data.subarray(start.offset, start.offset + width));
    const scratch = emptyStorage([width], v.dtype).data;
    for (let step = 0; step < N; step++) {
      const i = transposed ? N - 1 - step : step;
      const perm = permutations[i] as Int32Array;
      const input = saved.data.subarray(i * width, (i + 1) * width);
      const at = blocks.offset + i * width * k;
      if (transposed) {
        input.set(current);
        blocksTimes(blocks.data, at, b, k, true, input, scratch);
        for (let j = 0; j < width; j++) current[perm[j] as number] = scratch[j] as number;
      } else {
        for (let j = 0; j < width; j++) input[j] = current[perm[j] as number] as number;
        blocksTimes(blocks.data, at, b, k, false, input, current);
      }
    }
    return { out, saved };
  },
);

/** Cotangents of θ and of v from that of the output. */
export const chainBackwardKernel: Kernel<
  readonly [chain: Chain, ct: Strided, θ: Strided, saved: Strided],
  readonly [θ: Strided, v: Strided]
> = defineKernel("chainBackward", ({ permutations, transposed }, ct, θ, saved) => {
  const [N, b, k] = θ.shape as [number, number, number];
  const width = b * k;
  const blocks = contiguousKernel(θ);
  const ctθ = emptyStorage(θ.shape, θ.dtype);
  const ctv = filledStorage([width], ct.dtype, 0);
  const current = ctv.data;
  const start = contiguousKernel(ct);
  current.set(start.data.subarray(start.offset, start.offset + width));
  const scratch = emptyStorage([width], ct.dtype).data;
  for (let step = 0; step < N; step++) {
    const i = transposed ? step : N - 1 - step;
    const perm = permutations[i] as Int32Array;
    const input = saved.data.subarray(saved.offset + i * width, saved.offset + (i + 1) * width);
    const at = i * width * k;
    if (transposed) {
      // y = Pᵀ Bᵀ z: with c = P ȳ, B̄ = z cᵀ and z̄ = B c
      for (let j = 0; j < width; j++) scratch[j] = current[perm[j] as number] as number;
      outerBlocks(input, scratch, b, k, ctθ.data, at);
      blocksTimes(blocks.data, blocks.offset + at, b, k, false, scratch, current);
    } else {
      // y = B z, z = P x: B̄ = ȳ zᵀ and x̄ = Pᵀ Bᵀ ȳ
      outerBlocks(current, input, b, k, ctθ.data, at);
      blocksTimes(blocks.data, blocks.offset + at, b, k, true, current, scratch);
      for (let j = 0; j < width; j++) current[perm[j] as number] = scratch[j] as number;
    }
  }
  return [ctθ, ctv];
});

/**
 * v ↦ G̃ᵀ G̃ v, the chain and then its transpose. Saves the inputs of the block layers of both, [2, N, b·k].
 */
export const chainGramForwardKernel: Kernel<readonly [permutations: readonly Int32Array[], θ: Strided, v: Strided], ChainValue> =
  defineKernel("chainGramForward", (permutations, θ, v) => {
    const there = chainForwardKernel.reference({ permutations, transposed: false }, θ, v);
    const back = chainForwardKernel.reference({ permutations, transposed: true }, θ, there.out);
    const saved = emptyStorage([2, ...there.saved.shape], v.dtype);
    saved.data.set(there.saved.data);
    saved.data.set(back.saved.data, there.saved.size);
    return { out: back.out, saved };
  });

/** Cotangents of θ, which is used on both ways, and of v from that of G̃ᵀ G̃ v. */
export const chainGramBackwardKernel: Kernel<
  readonly [permutations: readonly Int32Array[], ct: Strided, θ: Strided, saved: Strided],
  readonly [θ: Strided, v: Strided]
> = defineKernel("chainGramBackward", (permutations, ct, θ, saved) => {
  const [, N, width] = saved.shape as [number, number, number];
  const inputs = (way: number): Strided => view(saved, [N, width], [width, 1], saved.offset + way * N * width);
  const [θBack, middle] = chainBackwardKernel.reference({ permutations, transposed: true }, ct, θ, inputs(1));
  const [θThere, v] = chainBackwardKernel.reference({ permutations, transposed: false }, middle, θ, inputs(0));
  const [sum, other] = [θBack.data, θThere.data];
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (other[i] as number);
  return [θBack, v];
});

/** y = B x or Bᵀ x, block by block; x and y do not overlap. */
function blocksTimes(B: Data, start: number, b: number, k: number, transposed: boolean, x: Data, y: Data): void {
  const row = transposed ? 1 : k;
  const col = transposed ? k : 1;
  for (let block = 0; block < b; block++) {
    const corner = start + block * k * k;
    const first = block * k;
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let j = 0, at = corner + i * row; j < k; j++, at += col) sum += (B[at] as number) * (x[first + j] as number);
      y[first + i] = sum;
    }
  }
}

/** A = u vᵀ, block by block. */
function outerBlocks(u: Data, v: Data, b: number, k: number, A: Data, start: number): void {
  let at = start;
  for (let block = 0; block < b; block++) {
    const first = block * k;
    for (let i = 0; i < k; i++) {
      const a = u[first + i] as number;
      for (let j = 0; j < k; j++) A[at++] = a * (v[first + j] as number);
    }
  }
}
