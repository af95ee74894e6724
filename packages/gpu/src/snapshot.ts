import { BackendError, type Data, deviceOf, deviceStorage, leaseOf, type Strided } from "@lodo/tensor";
import { Resident } from "./resident.ts";

/** A kernel's arguments as a recipe keeps them. */
export interface Frozen {
  /** Views of textures are now views of values. */
  readonly args: readonly unknown[];
  /** Ordinary memory, and its tenancy at the time. */
  readonly sources: readonly { readonly data: Data; readonly generation: number; readonly shape: readonly number[] }[];
}

const isView = (arg: unknown): arg is Strided =>
  typeof arg === "object" && arg !== null && "stride" in arg && "shape" in arg && "offset" in arg;

export function freeze(args: readonly unknown[]): Frozen {
  const sources: { data: Data; generation: number; shape: readonly number[] }[] = [];
  const frozen = (arg: unknown): unknown => {
    if (Array.isArray(arg)) return arg.map(frozen);
    if (!isView(arg)) return arg;
    const memory = deviceOf(arg);
    if (memory) return deviceStorage(memory instanceof Resident ? memory.value : memory, arg.shape, arg.stride, arg.offset);
    sources.push({ data: arg.data, generation: leaseOf(arg.data)?.generation ?? 0, shape: arg.shape });
    return arg;
  };
  return { args: args.map(frozen), sources };
}

/** @throws BackendError if memory that a recipe starts from has been handed on. */
export function stillThere(op: string, { sources }: Frozen): void {
  for (const { data, generation, shape } of sources) {
    if ((leaseOf(data)?.generation ?? 0) === generation) continue;
    throw new BackendError(
      op,
      `its result was lost with the GPU's context, and cannot be computed again: its operand of shape [${shape}] died with its arena; read what must survive a lost context before its step ends`,
    );
  }
}
