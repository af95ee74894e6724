import { array, Tensor, tensor, tensorsIn } from "@lodo/tensor";
import { Counterexample, expectSameBits, expectShape } from "../counterexample.ts";

const isRecord = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/**
 * @throws Counterexample, with the path to the offender, unless a value is a plain tree: tensors, index lists, finite numbers, strings, booleans
 * and null in arrays and records. That is what can be written to a file and read back.
 */
export function expectPlainTree(what: string, value: unknown): void {
  const found = foreignPart(value);
  if (found !== null) {
    throw new Counterexample(`${what}: expected plain data (tensors, Int32Arrays, finite numbers, strings, booleans, null), got ${found}`);
  }
  if (isNode(value)) for (const [key, child] of Object.entries(value)) expectPlainTree(`${what}.${key}`, child);
}

/** What a value is, if it has no place in a plain tree; its children are not looked at. */
function foreignPart(value: unknown): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? null : String(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return null;
  if (typeof value !== "object") return typeof value;
  if (value instanceof Tensor || value instanceof Int32Array || Array.isArray(value) || isRecord(value)) return null;
  return `an instance of ${value.constructor.name}`;
}

/** A copy that shares no memory with the original. */
export function deepCopy<T>(value: T): T {
  const copy = (node: unknown): unknown => {
    if (node instanceof Tensor) return tensor(array(node), node.shape, { dtype: node.dtype });
    if (node instanceof Int32Array) return node.slice();
    if (Array.isArray(node)) return node.map(copy);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, copy(child)]));
  };
  return copy(value) as T;
}

/** @throws Counterexample unless two plain trees hold the same bits at the same places. */
export function expectSameTree(what: string, got: unknown, expected: unknown): void {
  if (expected instanceof Tensor && got instanceof Tensor && got.dtype === expected.dtype) {
    expectShape(what, got.shape, expected.shape);
    expectSameBits(what, array(got), array(expected));
  } else if (expected instanceof Int32Array && got instanceof Int32Array) expectSameBits(what, got, expected);
  else if (isNode(expected) && isNode(got) && Object.keys(got).join() === Object.keys(expected).join()) {
    for (const [key, child] of Object.entries(expected)) expectSameTree(`${what}.${key}`, got[key], child);
  } else if (!Object.is(got, expected)) throw new Counterexample(`${what}: expected ${String(expected)}, got ${String(got)}`);
}

const isNode = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !(value instanceof Tensor) && !(value instanceof Int32Array);

/** Do two plain trees hold the same bits? */
export function sameTree(a: unknown, b: unknown): boolean {
  try {
    expectSameTree("", a, b);
    return true;
  } catch (error) {
    if (error instanceof Counterexample) return false;
    throw error;
  }
}

/** The number of numbers in the tensors of a tree. */
export const sizeOf = (tree: unknown): number => [...tensorsIn(tree)].reduce((size, t) => size + t.size, 0);
