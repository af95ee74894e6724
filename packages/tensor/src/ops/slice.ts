import { embedKernel, view } from "../backend/reference/layout.ts";
import { onesLike } from "../constructors.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { definePrimitive, type Op } from "../primitive.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { normalizeAxes } from "./axes.ts";
import { where } from "./select.ts";

interface Window {
  /** First index along each axis. */
  readonly start: readonly number[];
  /** Extents of the result. */
  readonly shape: Shape;
  /** From one index to the next along each axis; −1 walks backwards. */
  readonly step: readonly number[];
}

const window: Op<Window> = definePrimitive<Window>({
  name: "slice",
  forward: ({ start, shape, step }, x) => {
    const offset = start.reduce((at, s, d) => at + s * (x.stride[d] as number), x.offset);
    return {
      out: view(
        x,
        shape,
        x.stride.map((s, d) => s * (step[d] as number)),
        offset,
      ),
    };
  },
  vjp: (ct, { attrs: { start, step }, ins: [x] }) => [() => embed({ start, shape: (x as Tensor).shape, step }, ct)],
});

/** The transpose of a window: x in its place, among zeros. */
const embed: Op<Window> = definePrimitive<Window>({
  name: "embed",
  forward: ({ start, shape, step }, x) => ({ out: embedKernel(x, shape, start, step) }),
  vjp: (ct, { attrs: { start, step }, ins: [x] }) => [() => window({ start, shape: (x as Tensor).shape, step }, ct)],
});

/** A number for each axis, with what it means where some are left out. */
function perAxis(
  op: string,
  name: string,
  given: readonly number[] | undefined,
  x: Tensor,
  otherwise: (n: number, axis: number) => number,
): number[] {
  if (given && given.length !== x.shape.length) {
    throw new ShapeError(op, `${name} must have ${x.shape.length} entries, one for each axis of [${x.shape}], got [${given}]`);
  }
  return x.shape.map((n, d) => {
    const value = given?.[d] ?? otherwise(n, d);
    if (!Number.isInteger(value)) throw new ArgumentError(op, `${name} must hold integers, got [${given}]`);
    return value;
  });
}

export interface SliceOptions {
  readonly start?: readonly number[];
  readonly stop?: readonly number[];
  readonly step?: readonly number[];
}

/**
 * x[start:stop:step] with an entry for each axis, 0 ≤ start ≤ stop ≤ extent and step ≥ 1; without copying.
 * @throws ShapeError if a bound lies outside x.
 */
export function slice<S extends Shape>(x: Tensor<S>, options: SliceOptions): Tensor<{ readonly [K in keyof S]: number }> {
  const start = perAxis("slice", "start", options.start, x, () => 0);
  const stop = perAxis("slice", "stop", options.stop, x, (n) => n);
  const step = perAxis("slice", "step", options.step, x, () => 1);
  const shape = x.shape.map((n, d) => {
    const [a, b, s] = [start[d], stop[d], step[d]] as [number, number, number];
    if (!(0 <= a && a <= b && b <= n))
      throw new ShapeError("slice", `expected 0 ≤ start ≤ stop ≤ ${n} on axis ${d} of [${x.shape}], got ${a} and ${b}`);
    if (s < 1) throw new ArgumentError("slice", `step must be at least 1, got ${s} on axis ${d}`);
    return Math.ceil((b - a) / s);
  });
  return window({ start, shape, step }, x) as Tensor as Tensor<{ readonly [K in keyof S]: number }>;
}

/** x read backwards along some axes (all unless named). */
export function flip<S extends Shape>(x: Tensor<S>, { axes }: { readonly axes?: number | readonly number[] } = {}): Tensor<S> {
  const flipped = new Set(normalizeAxes("flip", axes, x));
  const start = x.shape.map((n, d) => (flipped.has(d) && n > 0 ? n - 1 : 0));
  const step = x.shape.map((_, d) => (flipped.has(d) ? -1 : 1));
  return window({ start, shape: x.shape, step }, x) as Tensor as Tensor<S>;
}

export interface PadOptions {
  /** How many elements come before and after x along each axis; none unless given. */
  readonly before?: readonly number[];
  readonly after?: readonly number[];
  /** What they are; 0 unless given. */
  readonly value?: number;
}

/** x with a constant around it. @throws ArgumentError if a width is negative. */
export function pad<S extends Shape>(x: Tensor<S>, { before, after, value = 0 }: PadOptions): Tensor<{ readonly [K in keyof S]: number }> {
  const start = perAxis("pad", "before", before, x, () => 0);
  const end = perAxis("pad", "after", after, x, () => 0);
  for (const n of [...start, ...end]) if (n < 0) throw new ArgumentError("pad", `widths must not be negative, got ${n}`);
  const shape = x.shape.map((n, d) => (start[d] as number) + n + (end[d] as number));
  const step = x.shape.map(() => 1);
  const padded = embed({ start, shape, step }, x);
  const inside = (): Tensor => embed({ start, shape, step }, onesLike(x));
  return (value === 0 ? padded : where(inside(), padded, value)) as Tensor as Tensor<{ readonly [K in keyof S]: number }>;
}
