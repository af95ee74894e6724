import type { NdArray } from "ndarray";
import { DTypeError } from "./errors.ts";

export type DType = "float64" | "float32";
export type Data = Float64Array | Float32Array;

/** What kernels work on: a strided view of flat memory. */
export type Strided = NdArray<Data>;

/** Relative spacing of the numbers of a dtype: 2⁻⁵² or 2⁻²³. */
export const epsilon: Readonly<Record<DType, number>> = { float64: 2 ** -52, float32: 2 ** -23 };

export const dtypeOf = (data: Data): DType => (data instanceof Float64Array ? "float64" : "float32");

/** @throws DTypeError unless `dtype` is one of the two names. */
export function checkDType(op: string, dtype: string): DType {
  if (dtype !== "float64" && dtype !== "float32") throw new DTypeError(op, `dtype must be "float64" or "float32", got "${dtype}"`);
  return dtype;
}
