import type { Strided } from "@lodo/tensor";
import type { Parameters, Pass, Texels } from "./device/device.ts";

/** What a kernel's rule works with, for one call. */
export interface Bench {
  /** A view's memory on the device, uploaded if it is not there, and the position of the view's first number. */
  place(x: Strided): { readonly texels: Texels; readonly offset: number };
  /** Texels that live until the call ends. */
  pass(pass: Pass, inputs: readonly Texels[], parameters?: Partial<Parameters>): Texels;
  /** The result of a call, dense. */
  result(shape: readonly number[], pass: Pass, inputs: readonly Texels[], parameters?: Partial<Parameters>): Result;
}

/** Texels that a call returns, and their shape. */
export interface Result {
  readonly texels: Texels;
  readonly shape: readonly number[];
}

/** A kernel on the device. `Args` hold views, and plain data beside them. */
export interface Rule<Args extends readonly unknown[]> {
  readonly name: string;
  /** The views among the arguments. */
  operands(...args: Args): readonly Strided[];
  /** Multiply-adds, or elements where there are none: compared with the break-even. */
  work(...args: Args): number;
  /** Null for arguments that it leaves to the processor. */
  run(bench: Bench, ...args: Args): Result | null;
}
