import { ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";

/** An axis counted from the front; negative ones count from the back. @throws ShapeError if x has no such axis. */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(op, `axis must be in [${-rank}, ${rank}) for a tensor of rank ${rank}, got ${axis}`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** Distinct axes in rising order; all of them when none are named. @throws ShapeError if one is repeated or missing in x. */
export function normalizeAxes(op: string, axes: number | readonly number[] | undefined, x: Tensor): readonly number[] {
  const rank = x.shape.length;
  if (axes === undefined) return x.shape.map((_, d) => d);
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(op, axis, rank));
  if (new Set(list).size !== list.length) throw new ShapeError(op, `axes must be distinct, got [${axes}]`);
  return [...list].sort((a, b) => a - b);
}
