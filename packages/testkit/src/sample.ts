import type { Rng, Tensor } from "@lodo/tensor";
import type { Reference } from "./reference/operations.ts";

/** A function of tensors with a way to draw its inputs: what the laws of derivatives are about. */
export interface Differentiable {
  readonly name: string;
  /** Contiguous float64 tensors; the same numbers for the same generator. */
  readonly inputs: (rng: Rng) => readonly Tensor[];
  readonly f: (...xs: readonly Tensor[]) => Tensor;
  /**
   * Length scale, for all inputs or one for each: f is smooth within h/200 of the drawn inputs, and h⁵ |∂⁵f/∂xⱼ⁵| is at most the magnitude that
   * `magnitudes` measures. It decides the step of differences, and nothing else.
   */
  readonly h: number | readonly number[];
  /** Roundings on the longest path through f, and as many again for those of its reference. Zero: one correctly rounded operation. */
  readonly roundings: number;
  /** The outputs share intermediate results, so that rounding in each is relative to the largest of them. */
  readonly coupled?: boolean;
  /** Inputs that f treats as constants: their derivative is 0 by definition, whatever differences say. */
  readonly held?: readonly number[];
}

/** A case of an operation, with what it must compute. */
export interface Sample extends Differentiable {
  readonly reference: Reference;
  /** At a kink or a jump: the values count, differences mean nothing. */
  readonly kink?: boolean;
  /** Operands broadcast against each other, element by element. */
  readonly elementwise?: boolean;
}

/** An operation with its cases. */
export interface Operation {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** The length scale of input k. */
export const scaleOf = ({ h }: Differentiable, k: number): number => (typeof h === "number" ? h : (h[k] ?? 1));
