import { allocate } from "./arena.ts";
import type { DType, Strided } from "./dtype.ts";
import { product, type Shape } from "./shape.ts";
import { rowMajor, strided } from "./strided.ts";

/** Uninitialised storage of a shape, in row-major order. @internal */
export function emptyStorage(shape: Shape, dtype: DType): Strided {
  return strided(allocate(dtype, product(shape)), shape.slice(), rowMajor(shape), 0);
}

/** Storage holding one value. @internal */
export function filledStorage(shape: Shape, dtype: DType, value: number): Strided {
  const storage = emptyStorage(shape, dtype);
  storage.data.fill(value);
  return storage;
}

/** Is the view dense in row-major order? @internal */
export function isContiguous({ shape, stride }: Strided): boolean {
  let expected = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    const n = shape[d] as number;
    if (n === 0) return true;
    if (n !== 1 && stride[d] !== expected) return false;
    expected *= n;
  }
  return true;
}

/** Calls `visit(position in data, row-major index)` for every element. @internal */
export function forEachIndex({ shape, stride, offset, size }: Strided, visit: (at: number, i: number) => void): void {
  const index = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < size; i++) {
    visit(at, i);
    for (let d = shape.length - 1; d >= 0; d--) {
      const next = (index[d] as number) + 1;
      at += stride[d] as number;
      if (next < (shape[d] as number)) {
        index[d] = next;
        break;
      }
      at -= next * (stride[d] as number);
      index[d] = 0;
    }
  }
}
