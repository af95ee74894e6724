import { array, type Matrix, tensor } from "@lodo/tensor";

/**
 * A pure function of a matrix that keeps its last value: asked again for the same tensor, which cannot have changed, it does not compute again. What
 * it keeps is a copy of the numbers, so that it outlives the arena of a step.
 */
export function rememberLast(f: (A: Matrix) => Matrix): (A: Matrix) => Matrix {
  let last: { readonly A: Matrix; readonly shape: Matrix["shape"]; readonly numbers: ArrayLike<number> } | undefined;
  return (A) => {
    if (last?.A !== A) {
      const y = f(A);
      last = { A, shape: y.shape, numbers: array(y).slice() };
    }
    return tensor(last.numbers, last.shape, { dtype: A.dtype });
  };
}
