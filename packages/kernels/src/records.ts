import type { WasmHeap } from "./heap.ts";

/** Writes a record of 32-bit fields, an unmanaged class of assembly/, in the order of its fields. Addresses above 2³¹ keep their bits. */
export function writeRecord<Field extends string>(
  heap: WasmHeap,
  at: number,
  fields: readonly Field[],
  values: Readonly<Record<Field, number>>,
): void {
  new Int32Array(heap.buffer, at, fields.length).set(fields.map((field) => values[field]));
}

/** The bytes that it takes. */
export const recordBytes = (fields: readonly string[]): number => 4 * fields.length;
