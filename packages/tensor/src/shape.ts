import { ShapeError } from "./errors.ts";

/** Extents along each axis; its length is the rank. */
export type Shape = readonly number[];

/** The tuple type of a shape's extents: `[2, 3]` has type `readonly [number, number]`. */
export type Extents<S extends Shape> = { readonly [K in keyof S]: number };

/** The number of elements. */
export function product(shape: Shape): number {
  let size = 1;
  for (let d = 0; d < shape.length; d++) size *= shape[d] as number;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false;
  return true;
}

/** @throws ShapeError unless every extent is a non-negative integer. */
export function checkShape(op: string, shape: Shape): void {
  for (const n of shape) {
    if (!Number.isSafeInteger(n) || n < 0) throw new ShapeError(op, `every extent must be a non-negative integer, got [${shape}]`);
  }
}
