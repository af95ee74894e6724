import ops from "ndarray-ops";
import { deviceOf, deviceStorage } from "../../device.ts";
import type { Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { emptyStorage, filledStorage, isContiguous } from "../../storage.ts";
import { strided } from "../../strided.ts";

/** A view of the memory that x is a view of. */
export function view(x: Strided, shape: readonly number[], stride: readonly number[], offset: number): Strided {
  const device = deviceOf(x);
  return device ? deviceStorage(device, shape, stride, offset) : strided(x.data, shape.slice(), stride.slice(), offset);
}

/** The same numbers, dense in row-major order: the view itself where it already is. */
export const contiguousKernel: Kernel<readonly [x: Strided], Strided> = defineKernel("contiguous", (x) => {
  if (isContiguous(x)) return x;
  const out = emptyStorage(x.shape, x.dtype);
  ops.assign(out, x);
  return out;
});

/** Views end to end along an axis; all other extents equal. */
export const concatKernel: Kernel<readonly [xs: readonly Strided[], axis: number], Strided> = defineKernel("concat", (xs, axis) => {
  const first = xs[0] as Strided;
  const total = xs.reduce((n, x) => n + (x.shape[axis] as number), 0);
  const out = emptyStorage(
    first.shape.map((n, d) => (d === axis ? total : n)),
    first.dtype,
  );
  let start = 0;
  for (const x of xs) {
    const offset = out.offset + start * (out.stride[axis] as number);
    if (x.size > 0) ops.assign(view(out, x.shape, out.stride, offset), x);
    start += x.shape[axis] as number;
  }
  return out;
});

/** x at `start` with steps of `step`, in zeros of a given shape. */
export const embedKernel: Kernel<
  readonly [x: Strided, shape: readonly number[], start: readonly number[], step: readonly number[]],
  Strided
> = defineKernel("embed", (x, shape, start, step) => {
  const out = filledStorage(shape, x.dtype, 0);
  const offset = start.reduce((at, s, d) => at + s * (out.stride[d] as number), out.offset);
  const stride = out.stride.map((s, d) => s * (step[d] as number));
  if (x.size > 0) ops.assign(view(out, x.shape, stride, offset), x);
  return out;
});

/** Rows of x by index: out[…, i, …] = x[…, indices[i], …] along an axis. */
export const gatherKernel: Kernel<readonly [x: Strided, indices: Int32Array, axis: number], Strided> = defineKernel(
  "gather",
  (x, indices, axis) => {
    const out = emptyStorage(
      x.shape.map((n, d) => (d === axis ? indices.length : n)),
      x.dtype,
    );
    if (x.shape.length === 1) {
      const [s] = x.stride as [number];
      for (let i = 0; i < indices.length; i++) out.data[i] = x.data[x.offset + s * (indices[i] as number)] as number;
    } else for (let i = 0; i < indices.length; i++) ops.assign(row(out, axis, i), row(x, axis, indices[i] as number));
    return out;
  },
);

/** The transpose of gather: out[…, indices[i], …] += x[…, i, …], from zeros with extent n along the axis. */
export const scatterAddKernel: Kernel<readonly [x: Strided, indices: Int32Array, axis: number, n: number], Strided> = defineKernel(
  "scatterAdd",
  (x, indices, axis, n) => {
    const out = filledStorage(
      x.shape.map((extent, d) => (d === axis ? n : extent)),
      x.dtype,
      0,
    );
    if (x.shape.length === 1) {
      const [s] = x.stride as [number];
      for (let i = 0; i < indices.length; i++) {
        const at = indices[i] as number;
        out.data[at] = (out.data[at] as number) + (x.data[x.offset + s * i] as number);
      }
    } else for (let i = 0; i < indices.length; i++) ops.addeq(row(out, axis, indices[i] as number), row(x, axis, i));
    return out;
  },
);

/** The slice at one index of an axis, which stays with extent 1. */
function row(x: Strided, axis: number, i: number): Strided {
  return view(
    x,
    x.shape.map((n, d) => (d === axis ? 1 : n)),
    x.stride,
    x.offset + i * (x.stride[axis] as number),
  );
}
