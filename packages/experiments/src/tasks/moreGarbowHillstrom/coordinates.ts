import { type Matrix, reshape, type Scalar, slice, stack, type Tensor, type Vector } from "@lodo/tensor";

/** As many as n: [T, T, …, T]. */
type Tuple<T, N extends number, A extends readonly T[] = []> = A["length"] extends N ? A : Tuple<T, N, readonly [...A, T]>;

/** x₁, …, xₖ, the first coordinates of x. */
export const coordinates = <const K extends number>(x: Vector, k: K): Tuple<Scalar, K> =>
  Array.from({ length: k }, (_, i) => reshape(slice(x, { start: [i], stop: [i + 1] }), [])) as readonly Scalar[] as Tuple<Scalar, K>;

/** A function of a vector from one of its coordinates x₁, x₂, … that gives numbers r₁, r₂, …. */
export const ofCoordinates =
  (f: (...x: Scalar[]) => readonly Tensor[]): ((x: Vector) => Vector) =>
  (x) => {
    const all: readonly Scalar[] = coordinates(x, x.shape[0]);
    return stack(f(...all)) as Vector;
  };

/** The vectors of each k-th coordinate from the first, from the second, …, from the k-th. */
export const columns = <const K extends number>(x: Vector, k: K): Tuple<Vector, K> =>
  Array.from({ length: k }, (_, j) => slice(x, { start: [j], step: [k] })) as readonly Vector[] as Tuple<Vector, K>;

/** The inverse of `columns`: the first coordinates of all, the second coordinates of all, …. */
export const interleave = (vectors: readonly Vector[]): Vector => {
  const A = stack(vectors, { axis: 1 }) as Matrix;
  return reshape(A, [A.size]);
};
