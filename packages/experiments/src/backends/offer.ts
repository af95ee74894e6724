import type { Backend, BackendError, DType } from "@lodo/tensor";
import type { BackendId } from "./choice.ts";

/** What is asked of a backend. */
export interface BackendOptions {
  /** Fused multiply-adds. */
  readonly fastMath?: boolean;
  /** Bytes of memory of its own, where a backend has such. */
  readonly memory?: number;
  /** How many threads share what takes long, where a backend can: 1 unless told. No result depends on it. */
  readonly threads?: number;
}

/** A backend on this machine. */
export interface Offered {
  readonly available: true;
  /** null: the reference. */
  readonly backend: Backend | null;
  /** What computes, in a few words: `128-bit vectors in WebAssembly`. */
  readonly about: string;
  /** The precisions that it has kernels for. */
  readonly dtypes: readonly DType[];
  /** Why nobody would choose it for speed, if so. */
  readonly slow?: string;
}

/** Why a backend is not there, and what would help. */
export interface Refused {
  readonly available: false;
  readonly reason: string;
  readonly remedy: string;
}

export type Offer = Offered | Refused;

/** What an error says, without the name of what says it. */
export const reasonOf = ({ op, message }: BackendError): string => message.slice(message.startsWith(`${op}: `) ? op.length + 2 : 0);

/** A backend as the registry has it. */
export interface RegisteredBackend {
  readonly id: BackendId;
  readonly summary: string;
  /** What this machine has of it. Opens a new one at each call; throws nothing that a machine can be the cause of. */
  offer(options: BackendOptions): Promise<Offer>;
}
