import { gatherKernel, scatterAddKernel } from "../backend/reference/layout.ts";
import { ArgumentError, kindOf, ShapeError } from "../errors.ts";
import { definePrimitive, type Op } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { normalizeAxis } from "./axes.ts";

interface Gather {
  readonly indices: Int32Array;
  readonly axis: number;
}

const gatherPrimitive: Op<Gather> = definePrimitive<Gather>({
  name: "gather",
  forward: ({ indices, axis }, x) => ({ out: gatherKernel(x, indices, axis) }),
  vjp: (ct, { attrs: { indices, axis }, ins: [x] }) => [
    () => scatterPrimitive({ indices, axis, size: (x as Tensor).shape[axis] as number }, ct),
  ],
});

const scatterPrimitive: Op<Gather & { readonly size: number }> = definePrimitive<Gather & { readonly size: number }>({
  name: "scatterAdd",
  forward: ({ indices, axis, size }, x) => ({ out: scatterAddKernel(x, indices, axis, size) }),
  vjp: (ct, { attrs: { indices, axis } }) => [() => gatherPrimitive({ indices, axis }, ct)],
});

function checkIndices(op: string, indices: Int32Array, size: number): void {
  if (!(indices instanceof Int32Array)) throw new ArgumentError(op, `indices must be an Int32Array, got ${kindOf(indices)}`);
  // A plain loop: a function called for every index would take longer than moving the numbers does.
  for (let k = 0; k < indices.length; k++) {
    const i = indices[k] as number;
    if (i < 0 || i >= size) throw new ArgumentError(op, `every index must be in [0, ${size}), got ${i}`);
  }
}

/**
 * Slices of x by index along an axis (the first unless named): y[i] = x[indices[i]]; an index may occur any number of times.
 * @throws ArgumentError if an index lies outside x.
 */
export function gather<S extends Shape>(x: Tensor<S>, indices: Int32Array, { axis = 0 }: { readonly axis?: number } = {}): Tensor<S> {
  const along = normalizeAxis("gather", axis, x.shape.length);
  checkIndices("gather", indices, x.shape[along] as number);
  return gatherPrimitive({ indices, axis: along }, x) as Tensor as Tensor<S>;
}

/**
 * The transpose of gather: y[indices[i]] += x[i], from zeros of extent `size` along an axis (the first unless named).
 * @throws ShapeError unless there is one index for each slice of x, ArgumentError if an index is not below `size`.
 */
export function scatterAdd<S extends Shape>(
  x: Tensor<S>,
  indices: Int32Array,
  { size, axis = 0 }: { readonly size: number; readonly axis?: number },
): Tensor<S> {
  const along = normalizeAxis("scatterAdd", axis, x.shape.length);
  if (!Number.isSafeInteger(size) || size < 0) throw new ArgumentError("scatterAdd", `size must be a non-negative integer, got ${size}`);
  if (indices.length !== x.shape[along]) {
    throw new ShapeError(
      "scatterAdd",
      `expected ${x.shape[along]} indices, one for each slice of [${x.shape}] on axis ${along}, got ${indices.length}`,
    );
  }
  checkIndices("scatterAdd", indices, size);
  return scatterPrimitive({ indices, axis: along, size }, x) as Tensor as Tensor<S>;
}
