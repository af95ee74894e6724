import { type Simd, simd } from "@lodo/kernels";
import {
  type Arena,
  array,
  type Backend,
  createArena,
  type Data,
  type DType,
  type Params,
  type Shape,
  type Tensor,
  tensor,
  tensorsIn,
  withBackend,
} from "@lodo/tensor";

/** This project on one of its backends: tensors lie on the backend's heap, and each repetition runs in an arena. */
export interface Ours {
  readonly name: string;
  /** A tensor where it computes. */
  place(data: ArrayLike<number>, shape: Shape, dtype: DType): Tensor;
  /** What `f` returns, alive until `close`. */
  keep<T>(f: () => T): T;
  /** Runs `f` and takes its memory back. */
  step(f: () => unknown): void;
  /** The numbers of every tensor in what `f` returns, end to end. */
  numbers(f: () => Params): Float64Array;
  readonly arena: Arena;
  readonly backend: Backend | null;
  close(): void;
}

export type BackendName = "simd" | "simd, 2 threads" | "reference";

/** Room for a whole batch of the image network. */
const MEMORY = 2 ** 31;

export async function ours(backend: BackendName): Promise<Ours> {
  if (backend === "reference") return on(backend, null);
  return on(backend, await simd({ memory: MEMORY, threads: backend === "simd" ? 1 : 2 }));
}

function on(name: BackendName, backend: Simd | null): Ours {
  const arena = createArena();
  const keep = <T>(f: () => T): T => withBackend(backend, () => arena.run(f, tensorsIn));
  return {
    name,
    backend,
    arena,
    keep,
    place: (data, shape, dtype) => keep(() => tensor(data, shape, { dtype })),
    step: (f) => withBackend(backend, () => arena.run(() => void f(), tensorsIn)),
    numbers: (f) =>
      withBackend(backend, () => {
        const parts: Data[] = [];
        arena.run(() => {
          for (const t of tensorsIn(f())) parts.push(array(t));
        }, tensorsIn);
        return endToEnd(parts);
      }),
    close() {
      arena.close();
      void backend?.close();
    },
  };
}

/** Arrays laid end to end, in float64. */
export function endToEnd(parts: readonly ArrayLike<number>[]): Float64Array {
  const all = new Float64Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
