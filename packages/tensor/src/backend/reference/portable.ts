import atan from "@stdlib/math-base-special-atan";
import cos from "@stdlib/math-base-special-cos";
import exp from "@stdlib/math-base-special-exp";
import sigmoid from "@stdlib/math-base-special-expit";
import log from "@stdlib/math-base-special-ln";
import pow from "@stdlib/math-base-special-pow";
import sin from "@stdlib/math-base-special-sin";
import tanh from "@stdlib/math-base-special-tanh";

/** Transcendental functions in plain arithmetic: the same bits in every engine, where those of `Math` differ in the last. */
export const portable: {
  readonly exp: (x: number) => number;
  readonly log: (x: number) => number;
  readonly tanh: (x: number) => number;
  readonly sigmoid: (x: number) => number;
  readonly atan: (x: number) => number;
  readonly sin: (x: number) => number;
  readonly cos: (x: number) => number;
  readonly pow: (x: number, y: number) => number;
} = { exp, log, tanh, sigmoid, atan, sin, cos, pow };
