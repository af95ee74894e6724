import { contiguousKernel, type Data, defineKernel, emptyStorage, filledStorage, type Kernel, portable, type Strided } from "@lodo/tensor";

/** What a layer says and remembers, [2, n, m]: h, then c. Its gates i, f, g, o and tanh c, [n, 5m], which its derivative needs. */
interface LstmValue {
  readonly out: Strided;
  readonly saved: Strided;
}

type Inputs = readonly [x: Strided, h: Strided, c: Strided, W: Strided, b: Strided];

/** The numbers of a view in row-major order. */
const dense = (view: Strided): Data => {
  const { data, offset, size } = contiguousKernel(view);
  return data.subarray(offset, offset + size);
};

/** A step of n copies, a row at a time, in float64. x: [n, d], h and c: [n, m], W: [d + m, 4m], b: [4m]. */
export const lstmForwardKernel: Kernel<Inputs, LstmValue> = defineKernel("lstmForward", (...inputs) => {
  const [n, m] = inputs[2].shape as [number, number];
  const d = inputs[0].shape[1] as number;
  const [x, h, c, W, b] = inputs.map(dense) as [Data, Data, Data, Data, Data];
  const out = emptyStorage([2, n, m], inputs[0].dtype);
  const saved = emptyStorage([n, 5 * m], inputs[0].dtype);
  const z = new Float64Array(4 * m);
  for (let row = 0; row < n; row++) {
    z.set(b);
    addRowTimes(x, row * d, d, W, 0, z);
    addRowTimes(h, row * m, m, W, d, z);
    for (let j = 0; j < m; j++) {
      const i = portable.sigmoid(z[j] as number);
      const f = portable.sigmoid(z[m + j] as number);
      const g = portable.tanh(z[2 * m + j] as number);
      const o = portable.sigmoid(z[3 * m + j] as number);
      const at = row * m + j;
      const cNext = f * (c[at] as number) + i * g;
      const tanhC = portable.tanh(cNext);
      out.data[at] = o * tanhC;
      out.data[n * m + at] = cNext;
      const keep = row * 5 * m + j;
      saved.data[keep] = i;
      saved.data[keep + m] = f;
      saved.data[keep + 2 * m] = g;
      saved.data[keep + 3 * m] = o;
      saved.data[keep + 4 * m] = tanhC;
    }
  }
  return { out, saved };
});

/** Cotangents of x, h, c, W and b from those of h and c after the step, [2, n, m]. */
export const lstmBackwardKernel: Kernel<readonly [ct: Strided, saved: Strided, ...inputs: Inputs], readonly Strided[]> = defineKernel(
  "lstmBackward",
  (ct, kept, ...inputs) => {
    const [n, m] = inputs[2].shape as [number, number];
    const d = inputs[0].shape[1] as number;
    const { dtype } = inputs[0];
    const [x, h, c, W] = inputs.map(dense) as [Data, Data, Data, Data];
    const [y, saved] = [dense(ct), dense(kept)];
    const [ctx, cth, ctc] = [emptyStorage([n, d], dtype), emptyStorage([n, m], dtype), emptyStorage([n, m], dtype)];
    const [ctW, ctb] = [new Float64Array((d + m) * 4 * m), new Float64Array(4 * m)];
    const z = new Float64Array(4 * m);
    for (let row = 0; row < n; row++) {
      for (let j = 0; j < m; j++) {
        const keep = row * 5 * m + j;
        const [i, f, g] = [saved[keep] as number, saved[keep + m] as number, saved[keep + 2 * m] as number];
        const [o, tanhC] = [saved[keep + 3 * m] as number, saved[keep + 4 * m] as number];
        const at = row * m + j;
        const yh = y[at] as number;
        // h = o ⊙ tanh c: the cotangent of c is its own and what comes through h
        const yc = (y[n * m + at] as number) + yh * o * (1 - tanhC) * (1 + tanhC);
        // σ′ = σ (1 − σ), tanh′ = (1 − tanh)(1 + tanh)
        z[j] = yc * g * i * (1 - i);
        z[m + j] = yc * (c[at] as number) * f * (1 - f);
        z[2 * m + j] = yc * i * (1 - g) * (1 + g);
        z[3 * m + j] = yh * tanhC * o * (1 - o);
        ctc.data[at] = yc * f;
      }
      for (let j = 0; j < 4 * m; j++) ctb[j] = (ctb[j] as number) + (z[j] as number);
      pullBackRow(x, row * d, d, W, 0, z, ctx.data, ctW);
      pullBackRow(h, row * m, m, W, d, z, cth.data, ctW);
    }
    return [ctx, cth, ctc, stored(ctW, inputs[3]), stored(ctb, inputs[4])];
  },
);

/**
 * z ← z + a V for a row a of `count` numbers, where V's rows are those of W from `first` on. Four rows at a time, added one after the other: the same bits as
 * row by row, with a quarter of the loads and stores of z.
 */
function addRowTimes(a: Data, start: number, count: number, W: Data, first: number, z: Float64Array): void {
  const width = z.length;
  let p = 0;
  for (; p + 3 < count; p += 4) {
    const a0 = a[start + p] as number;
    const a1 = a[start + p + 1] as number;
    const a2 = a[start + p + 2] as number;
    const a3 = a[start + p + 3] as number;
    for (let j = 0, at = (first + p) * width; j < width; j++, at++) {
      const one = (z[j] as number) + a0 * (W[at] as number);
      const two = one + a1 * (W[at + width] as number);
      const three = two + a2 * (W[at + 2 * width] as number);
      z[j] = three + a3 * (W[at + 3 * width] as number);
    }
  }
  for (; p < count; p++) {
    const value = a[start + p] as number;
    for (let j = 0, at = (first + p) * width; j < width; j++, at++) z[j] = (z[j] as number) + value * (W[at] as number);
  }
}

/** The cotangents of a and of V in z = a V, from that of z: ā = z̄ Vᵀ, and V̄ ← V̄ + aᵀ z̄. */
function pullBackRow(a: Data, start: number, count: number, W: Data, first: number, z: Float64Array, cta: Data, ctW: Float64Array): void {
  const width = z.length;
  for (let p = 0; p < count; p++) {
    const value = a[start + p] as number;
    const at = (first + p) * width;
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const zⱼ = z[j] as number;
      sum += zⱼ * (W[at + j] as number);
      ctW[at + j] = (ctW[at + j] as number) + value * zⱼ;
    }
    cta[start + p] = sum;
  }
}

/** Sums in the shape and dtype of what they belong to. */
function stored(sums: Float64Array, like: Strided): Strided {
  const out = filledStorage(like.shape, like.dtype, 0);
  out.data.set(sums);
  return out;
}
