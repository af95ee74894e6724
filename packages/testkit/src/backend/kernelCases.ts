import { kernels, type Strided } from "@lodo/tensor";
import type { Arbitrary } from "fast-check";
import { type Allocate, buildView, dense, type ViewData } from "./views.ts";

/** How one kernel is called, and how far from its reference a backend may be. */
export interface KernelCases {
  readonly kernel: string;
  /** Arguments as plain data: what the kernel takes, with `ViewData` in place of every array, also inside of lists and records. */
  readonly calls: Arbitrary<readonly unknown[]>;
  /**
   * How far from the reference each number of the result may be, a list for each array of it; "exact" where the very bits must be the
   * reference's. `args` stand in ordinary memory.
   */
  readonly tolerance: "exact" | ((args: readonly unknown[], expected: readonly ArrayLike<number>[]) => readonly ArrayLike<number>[]);
}

const isView = (x: unknown): x is ViewData => (x as Partial<ViewData> | null)?.kind === "view";
/** A geometry has a stride too, but no shape. */
const isStrided = (x: unknown): x is Strided =>
  Array.isArray((x as Partial<Strided> | null)?.stride) && Array.isArray((x as Partial<Strided>).shape);

/** A copy of plain data, with f's result in place of whatever f is not undefined for. */
function replaced(x: unknown, f: (x: unknown) => unknown): unknown {
  const there = f(x);
  if (there !== undefined) return there;
  if (Array.isArray(x)) return x.map((item) => replaced(item, f));
  if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return x;
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, replaced(value, f)]));
}

/** The arguments, with arrays on memory of one kind; and the arrays, in order. */
export function buildCall(
  call: readonly unknown[],
  allocate: Allocate,
): { readonly args: readonly unknown[]; readonly views: readonly Strided[] } {
  const views: Strided[] = [];
  const place = (x: unknown): Strided | undefined => {
    if (!isView(x)) return undefined;
    const built = buildView(x, allocate);
    views.push(built);
    return built;
  };
  return { args: replaced(call, place) as readonly unknown[], views };
}

/** The numbers of a view in row-major order, in float64. */
export function numbersIn(x: Strided): Float64Array {
  const { data, offset, size } = reference("contiguous")(x) as Strided;
  return Float64Array.from(data.subarray(offset, offset + size));
}

/** Every array of a kernel's result, whether it returns one, a list or a record. */
export function arraysIn(result: unknown): readonly ArrayLike<number>[] {
  if (isStrided(result)) return [numbersIn(result)];
  if (ArrayBuffer.isView(result)) return [Float64Array.from(result as Int32Array)];
  return Object.values(result as object).flatMap(arraysIn);
}

/** The arguments in float64, with a function of every number on the way, such as |x|: for the sizes of the terms of a sum. */
export const inFloat64 = (args: readonly unknown[], f: (x: number) => number = (x) => x): readonly unknown[] =>
  replaced(args, (x) => (isStrided(x) ? dense(numbersIn(x).map(f), x.shape) : undefined)) as readonly unknown[];

/** The plain implementation of a kernel. */
export const reference = (kernel: string): ((...args: readonly unknown[]) => unknown) =>
  (kernels.get(kernel) as unknown as { readonly reference: (...args: readonly unknown[]) => unknown }).reference;
