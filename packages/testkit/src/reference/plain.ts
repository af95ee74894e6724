import { array, type Shape, type Tensor } from "@lodo/tensor";

/** An array in plain JavaScript: what the references compute on, index by index. */
export interface Plain {
  readonly shape: Shape;
  readonly data: readonly number[];
}

export const toPlain = (t: Tensor): Plain => ({ shape: t.shape, data: Array.from(array(t)) });

export const count = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

/** Every index of a shape in row-major order. */
export function indices(shape: Shape): number[][] {
  return shape.reduce<number[][]>((all, n) => all.flatMap((i) => Array.from({ length: n }, (_, k) => [...i, k])), [[]]);
}

/** The array whose element at each index is f(index). */
export function build(shape: Shape, f: (index: readonly number[]) => number): Plain {
  return { shape, data: indices(shape).map(f) };
}

/** The element at an index. */
export function at({ shape, data }: Plain, index: readonly number[]): number {
  return data[shape.reduce((flat, n, d) => flat * n + (index[d] ?? 0), 0)] ?? Number.NaN;
}

/** The shape that all broadcast to, aligned at the last axis. */
export function broadcastOf(...shapes: Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, d) => shapes.map((s) => s[d - rank + s.length] ?? 1).find((n) => n !== 1) ?? 1);
}

/** The element that stands at an index after broadcasting. */
export function atBroadcast(p: Plain, index: readonly number[]): number {
  const added = index.length - p.shape.length;
  return at(
    p,
    p.shape.map((n, d) => (n === 1 ? 0 : (index[d + added] ?? 0))),
  );
}

/** x written out as many times as the shape says. */
export const repeated = (x: Plain, shape: Shape): Plain => build(shape, (i) => atBroadcast(x, i));
