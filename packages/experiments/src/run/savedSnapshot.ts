import { Tensor, type Vector } from "@lodo/tensor";
import { z } from "zod";
import { natural, type Refuse } from "../savedValue.ts";
import type { Snapshot } from "../simulation.ts";

/** What an optimizer fixed at the start of its run. */
export const fixedShape: z.ZodType<Readonly<Record<string, Int32Array[]>>> = z.record(z.string(), z.array(z.instanceof(Int32Array)));

export const snapshotShape: z.ZodType<Snapshot> = z.object({
  step: natural,
  x: z.custom<Vector>((x) => x instanceof Tensor && x.shape.length === 1, "expected a vector"),
  optimizer: z.unknown(),
  task: z.unknown(),
  draws: z.object({ key: z.string(), stream: z.array(z.number().int()).length(4) }),
});

/** @throws the error that `refuse` makes of where a saved state cannot be one of the run that begins with `expected`. */
export function checkFits(expected: unknown, found: unknown, refuse: Refuse): void {
  const difference = conflict(expected, found, "");
  if (difference !== null) throw refuse(difference);
}

/**
 * Where a saved state cannot be one of this run, with both sides; null if nowhere. Numbers move and histories grow, but tensors keep their shapes,
 * records their keys, and permutations everything.
 */
function conflict(expected: unknown, found: unknown, path: string): string | null {
  if (expected instanceof Tensor)
    return `${expected}` === `${found}` ? null : `expected ${path} to be ${expected}, found ${describe(found)}`;
  if (expected instanceof Int32Array) {
    return found instanceof Int32Array && `${expected}` === `${found}`
      ? null
      : `expected ${path} as the seed draws it, found ${describe(found)}`;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(found)) return `expected ${path} to be an array, found ${describe(found)}`;
    const fixed = expected.some((child) => child instanceof Int32Array);
    if (fixed && expected.length !== found.length) return `expected ${path} to have ${expected.length} parts, found ${found.length}`;
    return firstConflict(expected.slice(0, found.length).map((child, i) => conflict(child, found[i], `${path}.${i}`)));
  }
  if (typeof expected !== "object" || expected === null) return null;
  const children = isRecord(found) ? found : {};
  const [keys, keysFound] = [Object.keys(expected).join(", "), Object.keys(children).join(", ")];
  if (keys !== keysFound || !isRecord(found))
    return `expected ${path || "the root"} to have ${keys || "nothing"}, found ${describe(found)}`;
  return firstConflict(Object.entries(expected).map(([key, child]) => conflict(child, found[key], path === "" ? key : `${path}.${key}`)));
}

function describe(value: unknown): string {
  if (value instanceof Tensor) return `${value}`;
  if (value instanceof Int32Array) return `${value.length} other integers`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return isRecord(value) ? Object.keys(value).join(", ") || "nothing" : `${value}`;
}

const firstConflict = (conflicts: readonly (string | null)[]): string | null => conflicts.find((c) => c !== null) ?? null;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) && !(value instanceof Tensor);
