import { broadcastTo, flip, type Rng, type Shape, slice, type Tensor, transpose } from "@lodo/tensor";
import { moved, type Reference, sliced, transposed } from "../reference/operations.ts";
import { type Plain, repeated } from "../reference/plain.ts";
import type { Sample } from "../sample.ts";
import { type Domain, drawn } from "./domain.ts";

type Of = (x: Tensor) => Tensor;

/** A tensor of a shape with numbers of a domain. */
type Draw = (rng: Rng, domain: Domain, shape: Shape) => Tensor;

/** What an operation on one tensor is, apart from the numbers. */
export interface UnaryCase {
  readonly f: Of;
  readonly reference: Reference;
  readonly roundings: number;
  readonly kink?: boolean;
  readonly coupled?: boolean;
  readonly held?: readonly number[];
}

/** One sample of an operation on one tensor. */
export const one = (name: string, shape: Shape, domain: Domain, { f, ...rest }: UnaryCase, draw: Draw = drawn): Sample => ({
  name,
  inputs: (rng) => [draw(rng, domain, shape)],
  f: (x) => f(x as Tensor),
  h: domain.h,
  ...rest,
});

/** A view and what it is in plain loops. The input has this shape, the view that one. */
interface View {
  readonly input: Shape;
  readonly of: Of;
  readonly reference: Reference;
}

const only = (xs: readonly Plain[]): Plain => xs[0] as Plain;

/** Ways to see a [2, 3] matrix that is not dense in memory. */
export const viewsOfMatrix: Readonly<Record<string, View>> = {
  "transposed view": { input: [3, 2], of: (x) => transpose(x), reference: transposed() },
  "sliced view": {
    input: [4, 7],
    of: (x) => slice(x, { start: [1, 1], stop: [4, 7], step: [2, 2] }),
    reference: sliced([1, 1], [4, 7], [2, 2]),
  },
  "reversed view": {
    input: [2, 3],
    of: (x) => flip(x),
    reference: (...xs) => moved(only(xs), [2, 3], ([i = 0, j = 0]) => [1 - i, 2 - j]),
  },
  "broadcast view": { input: [2, 1], of: (x) => broadcastTo(x, [2, 3]), reference: (...xs) => repeated(only(xs), [2, 3]) },
};

/** Samples of an operation on a [2, 3] matrix seen through each view. */
export const throughViews = (domain: Domain, { f, reference, ...rest }: UnaryCase, draw: Draw = drawn): readonly Sample[] =>
  Object.entries(viewsOfMatrix).map(([name, view]) =>
    one(name, view.input, domain, { ...rest, f: (x) => f(view.of(x)), reference: (...xs) => reference(view.reference(...xs)) }, draw),
  );

/** Shapes that every operation on one tensor of any shape must serve. */
export const shapes: Readonly<Record<string, Shape>> = {
  scalar: [],
  vector: [4],
  "one element": [1],
  matrix: [2, 3],
  "rank 4": [2, 1, 2, 2],
  "no elements": [0],
  "matrix without rows": [0, 3],
};
