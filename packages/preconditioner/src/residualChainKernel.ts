import { contiguousKernel, type Data, defineKernel, emptyStorage, type Kernel, type Strided } from "@lodo/tensor";

/** Layers I + Wᵢ Pᵢ: row i of W, [N, ñ], is the diagonal of Wᵢ, and `permutations` holds N index lists of length ñ. */
export interface ResidualChain {
  readonly permutations: readonly Int32Array[];
  readonly transposed: boolean;
}

/** The output, and what each Wᵢ multiplied on the way, [N, ñ], which the derivatives need. */
interface ResidualChainValue {
  readonly out: Strided;
  readonly saved: Strided;
}

/**
 * v ↦ (I + W_N P_N) ⋯ (I + W₁ P₁) v, or v ↦ (I + P₁ᵀ W₁) ⋯ (I + P_Nᵀ W_N) v.
 * Products are rounded before they are added, so that the bits are those of the layers one by one, in ops.
 */
export const residualChainForwardKernel: Kernel<readonly [chain: ResidualChain, W: Strided, v: Strided], ResidualChainValue> = defineKernel(
  "residualChainForward",
  ({ permutations, transposed }, W, v) => {
    const [N, ñ] = W.shape as [number, number];
    const weights = contiguousKernel(W);
    const saved = emptyStorage([N, ñ], v.dtype);
    const out = copyOf(v);
    const x = out.data;
    const scratch = emptyStorage([ñ], v.dtype).data;
    for (let step = 0; step < N; step++) {
      const i = transposed ? N - 1 - step : step;
      const P = permutations[i] as Int32Array;
      const [w, z] = [rowOf(weights, i), rowOf(saved, i)];
      if (transposed) {
        // x + Pᵀ W x
        z.set(x);
        product(w, z, scratch);
        addScattered(scratch, P, x);
      } else {
        // x + W P x
        gather(x, P, z);
        product(w, z, scratch);
        add(scratch, x);
      }
    }
    return { out, saved };
  },
);

/** Cotangents of W and of v from that of the output. */
export const residualChainBackwardKernel: Kernel<
  readonly [chain: ResidualChain, ct: Strided, W: Strided, saved: Strided],
  readonly [W: Strided, v: Strided]
> = defineKernel("residualChainBackward", ({ permutations, transposed }, ct, W, saved) => {
  const [N, ñ] = W.shape as [number, number];
  const weights = contiguousKernel(W);
  const ctW = emptyStorage(W.shape, W.dtype);
  const ctv = copyOf(ct);
  const ȳ = ctv.data;
  const [d, scratch] = [emptyStorage([ñ], ct.dtype).data, emptyStorage([ñ], ct.dtype).data];
  for (let step = 0; step < N; step++) {
    const i = transposed ? step : N - 1 - step;
    const P = permutations[i] as Int32Array;
    const [w, z, W̄] = [rowOf(weights, i), rowOf(saved, i), rowOf(ctW, i)];
    if (transposed) {
      // y = z + Pᵀ W z: with d = P ȳ, W̄ = diag(d z) and z̄ = ȳ + W d
      gather(ȳ, P, d);
      product(d, z, W̄);
      product(w, d, scratch);
      add(scratch, ȳ);
    } else {
      // y = x + W z, z = P x: W̄ = diag(ȳ z) and x̄ = ȳ + Pᵀ W ȳ
      product(ȳ, z, W̄);
      product(w, ȳ, scratch);
      addScattered(scratch, P, ȳ);
    }
  }
  return [ctW, ctv];
});

function copyOf(v: Strided): Strided {
  const copy = emptyStorage(v.shape, v.dtype);
  const { data, offset } = contiguousKernel(v);
  copy.data.set(data.subarray(offset, offset + copy.size));
  return copy;
}

/** Row i of a dense matrix. */
function rowOf({ data, offset, shape }: Strided, i: number): Data {
  const start = offset + i * (shape[1] as number);
  return data.subarray(start, start + (shape[1] as number));
}

/** y = P x */
function gather(x: Data, P: Int32Array, y: Data): void {
  for (let j = 0; j < y.length; j++) y[j] = x[P[j] as number] as number;
}

/** y += Pᵀ x */
function addScattered(x: Data, P: Int32Array, y: Data): void {
  for (let j = 0; j < x.length; j++) {
    const at = P[j] as number;
    y[at] = (y[at] as number) + (x[j] as number);
  }
}

/** z = x y, number by number */
function product(x: Data, y: Data, z: Data): void {
  for (let j = 0; j < z.length; j++) z[j] = (x[j] as number) * (y[j] as number);
}

/** y += x */
function add(x: Data, y: Data): void {
  for (let j = 0; j < y.length; j++) y[j] = (y[j] as number) + (x[j] as number);
}
