import ops from "ndarray-ops";
import type { Strided } from "../../dtype.ts";
import { defineKernel, type Kernel } from "../../kernel.ts";
import { filledStorage } from "../../storage.ts";
import { strided } from "../../strided.ts";
import { contiguousKernel } from "./layout.ts";

type Reduction = Kernel<readonly [x: Strided, axes: readonly number[]], Strided>;

/**
 * Reduces over axes, which stay with extent 1: `accumulate` runs over x and a view of the output that stands still along them.
 * Over no elements the result is `identity`. Runs over a dense copy, so that the order of additions, and with it the last bit, depends on the
 * shape alone.
 */
const reduction = (name: string, identity: number, accumulate: (out: Strided, x: Strided) => unknown): Reduction =>
  defineKernel(name, (view, axes) => {
    const x = contiguousKernel(view);
    const reduced = new Set(axes);
    const out = filledStorage(
      x.shape.map((n, d) => (reduced.has(d) ? 1 : n)),
      x.dtype,
      identity,
    );
    const stride = out.stride.map((s, d) => (reduced.has(d) ? 0 : s));
    accumulate(strided(out.data, x.shape, stride, out.offset), x);
    return out;
  });

export const sumKernel: Reduction = reduction("sum", 0, ops.addeq);
/** NaN anywhere makes the result NaN. */
export const maxKernel: Reduction = reduction("max", Number.NEGATIVE_INFINITY, ops.maxeq);
