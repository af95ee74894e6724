import { ShapeError } from "./errors.ts";

/** Extents along each axis; its length is the rank. */
export type Shape = readonly number[];

/** The tuple type of a shape's extents: `[2, 3]` has type `readonly [number, number]`. */
export type Extents<S extends Shape> = { readonly [K in keyof S]: number };

/** The number of elements. */
export const product = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

/** @throws ShapeError unless every extent is a non-negative integer. */
export function checkShape(op: string, shape: Shape): void {
  for (const n of shape) {
    if (!Number.isSafeInteger(n) || n < 0) throw new ShapeError(op, `every extent must be a non-negative integer, got [${shape}]`);
  }
}
