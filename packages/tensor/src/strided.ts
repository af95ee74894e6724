import { type Data, type DType, dtypeOf, type Strided } from "./dtype.ts";
import { product, type Shape } from "./shape.ts";

/**
 * A strided view: what ndarray-ops asks of an ndarray, in one class for all ranks and dtypes, so that whoever reads its fields reads one layout.
 * Shapes and strides are not copied: they never change.
 */
class View {
  readonly data: Data;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly dtype: DType;

  constructor(data: Data, shape: readonly number[], stride: readonly number[], offset: number) {
    this.data = data;
    this.shape = shape;
    this.stride = stride;
    this.offset = offset;
    this.dtype = dtypeOf(data);
  }

  get size(): number {
    return product(this.shape);
  }

  get dimension(): number {
    return this.shape.length;
  }

  /** Axes in rising order of their strides. */
  get order(): number[] {
    const { stride } = this;
    const size = (d: number): number => Math.abs(stride[d] as number);
    return stride.map((_, d) => d).sort((a, b) => size(a) - size(b));
  }

  /** The position of an element in `data`. */
  index(...at: readonly number[]): number {
    return at.reduce((p, i, d) => p + i * (this.stride[d] as number), this.offset);
  }

  get(...at: readonly number[]): number {
    return this.data[this.index(...at)] as number;
  }

  set(...atAndValue: readonly number[]): number {
    const value = atAndValue.at(-1) as number;
    this.data[this.index(...atAndValue.slice(0, -1))] = value;
    return value;
  }
}

/** A strided view of flat memory. */
export const strided = (data: Data, shape: Shape, stride: readonly number[], offset: number): Strided =>
  new View(data, shape, stride, offset) as unknown as Strided;

/** Strides of a dense array in row-major order. */
export function rowMajor(shape: Shape): readonly number[] {
  const stride = shape.slice();
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    stride[d] = step;
    step *= shape[d] as number;
  }
  return stride;
}
