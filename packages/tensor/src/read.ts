import { deviceOf } from "./device.ts";
import type { Data } from "./dtype.ts";
import { ScopeError, ShapeError } from "./errors.ts";
import { forEachIndex, isContiguous } from "./storage.ts";
import type { Tensor } from "./tensor.ts";

function refuseTraced(op: string, { trace }: Tensor): void {
  if (trace?.tape.open)
    throw new ScopeError(op, "this value is being differentiated, and a plain number would be a constant; say so with stopGradient");
}

/** The numbers in row-major order, copied. CPU only. @throws ScopeError while the tensor is being differentiated. */
export function array(t: Tensor): Data {
  refuseTraced("array", t);
  const { storage } = t;
  const out = t.dtype === "float64" ? new Float64Array(t.size) : new Float32Array(t.size);
  if (isContiguous(storage)) out.set(storage.data.subarray(storage.offset, storage.offset + out.length));
  else
    forEachIndex(storage, (at, i) => {
      out[i] = storage.data[at] as number;
    });
  return out;
}

/** The number in a tensor of one element. CPU only. @throws ShapeError if it has more or fewer, ScopeError while the tensor is being differentiated. */
export function item(t: Tensor): number {
  refuseTraced("item", t);
  if (t.size !== 1) throw new ShapeError("item", `expected one element, got shape [${t.shape}]`);
  return t.storage.data[t.storage.offset] as number;
}

/** The numbers in row-major order, wherever the tensor lives: a device need not answer at once. */
export async function read(t: Tensor): Promise<Data> {
  await deviceOf(t.storage)?.read();
  return array(t);
}
