/** A function of the module: addresses, strides (both in bytes) and extents in, nothing out. */
export type WasmFunction = (...args: readonly number[]) => void;

/** What assembly/index.ts exports, by name; a dtype stands at the end of each. */
export type Exports = Readonly<Record<string, WasmFunction>>;

const SUFFIX = { float32: "f32", float64: "f64" } as const;

/** The function for a dtype. */
export function pick(exports: Exports, name: string): Readonly<Record<keyof typeof SUFFIX, WasmFunction>> {
  const at = (suffix: string): WasmFunction => exports[`${name}_${suffix}`] as WasmFunction;
  return { float32: at(SUFFIX.float32), float64: at(SUFFIX.float64) };
}
