import { add, array, leaves, map, mul, normal, type Params, type Rng, type Scalar, scalar, scale, type Tensor } from "@lodo/tensor";
import { expectClose } from "../counterexample.ts";
import { differenceColumn } from "../finiteDifferences.ts";
import { tolerance } from "../laws/jacobian.ts";
import { rms } from "./linearAlgebra.ts";

/** The numbers of a tree, end to end. */
export const numbersIn = (tree: Params): number[] => leaves(tree).flatMap((t) => [...array(t)]);

/** A tree like p, each tensor `size` times its root mean square times N(0, 1). */
export const direction = (rng: Rng, p: Params, size: number): Params =>
  map((t: Tensor) => scale(size * rms(t), normal(rng, t.shape, { dtype: t.dtype })), p);

/**
 * A tree like p, each number N(0, 1) times that of p: along it every product of p's numbers changes in proportion to itself, however small it is
 * beside the rest.
 */
export const relativeDirection = (rng: Rng, p: Params): Params => map((t: Tensor) => mul(t, normal(rng, t.shape, { dtype: t.dtype })), p);

export const addTrees = (p: Params, u: Params): Params => map((t, d) => add(t, d), p, u);

/** The length scale of t in p + t u where u is as large as p: a product of two dozen factors that depend on t is smooth within it. */
const LENGTH = 1 / 16;

/**
 * Compares d/dt f(p + t u) at 0 with central differences, along one direction: f is a scalar, and its error is relative to `terms`, the size of
 * what meets in it, besides its own size. Returns 1, the number of comparisons.
 * @throws Counterexample
 */
export function expectSlope(
  what: string,
  got: number,
  {
    f,
    p,
    u,
    terms,
    roundings,
  }: { f(p: Params): Scalar; readonly p: Params; readonly u: Params; readonly terms: number; readonly roundings: number },
): number {
  const along = (t: Tensor): Params =>
    addTrees(
      p,
      map((d: Tensor) => mul(d, t as Scalar), u),
    );
  const { derivative, size } = differenceColumn((t) => f(along(t as Tensor)), [scalar(0)], 0, 0, LENGTH);
  expectClose(what, got, derivative[0] ?? Number.NaN, tolerance(got, (size[0] ?? Number.NaN) + terms, LENGTH, 8 * Math.sqrt(roundings)));
  return 1;
}
