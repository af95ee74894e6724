import { array, Tensor, tensor, tensorsIn } from "@lodo/tensor";
import { Counterexample, expectSameBits } from "../counterexample.ts";

const isRecord = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/**
 * @throws Counterexample, with the path to the offender, unless a value is a plain tree: tensors, index lists, finite numbers, strings, booleans
 * and null in arrays and records. That is what can be written to a file and read back.
 */
export function expectPlainTree(what: string, value: unknown): void {
  const refuse = (found: string): never => {
    throw new Counterexample(`${what}: expected plain data (tensors, Int32Arrays, finite numbers, strings, booleans, null), got ${found}`);
  };
  if (value === null || typeof value === "string" || typeof value === "boolean" || value instanceof Tensor) return;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) refuse(String(value));
    return;
  }
  if (typeof value !== "object") return refuse(typeof value);
  if (value instanceof Int32Array) return;
  if (!Array.isArray(value) && !isRecord(value)) return refuse(`an instance of ${value.constructor.name}`);
  for (const [key, child] of Object.entries(value)) expectPlainTree(`${what}.${key}`, child);
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
  const refuse = (): never => {
    throw new Counterexample(`${what}: expected ${String(expected)}, got ${String(got)}`);
  };
  if (expected instanceof Tensor) {
    if (!(got instanceof Tensor) || got.dtype !== expected.dtype || got.shape.join() !== expected.shape.join()) return refuse();
    return expectSameBits(what, array(got), array(expected));
  }
  if (expected instanceof Int32Array) return got instanceof Int32Array ? expectSameBits(what, got, expected) : refuse();
  if (typeof expected !== "object" || expected === null) {
    if (!Object.is(got, expected)) refuse();
    return;
  }
  if (typeof got !== "object" || got === null || Object.keys(got).join() !== Object.keys(expected).join()) return refuse();
  for (const [key, child] of Object.entries(expected)) expectSameTree(`${what}.${key}`, (got as Record<string, unknown>)[key], child);
}

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
