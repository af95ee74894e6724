import type { Backend, DType } from "@lodo/tensor";
import type { BackendChoice, BackendId, BackendName } from "./choice.ts";
import { BackendUnavailableError } from "./errors.ts";
import { backends } from "./index.ts";
import type { BackendOptions, Offered, RegisteredBackend } from "./offer.ts";

/** A backend ready to compute. */
export interface OpenedBackend {
  readonly choice: BackendChoice;
  /** For `useBackend` and `withBackend`; null is the reference. */
  readonly backend: Backend | null;
  /** What computes, in a few words. */
  readonly about: string;
  /** What `auto` would rather have taken, and why it could not; empty where a backend was asked for by its own name. */
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly id: BackendId;
  readonly reason: string;
  /** null where none is called for. */
  readonly remedy: string | null;
}

export interface OpenOptions extends BackendOptions {
  /** What is computed in, for `auto`: float64 unless told. */
  readonly dtype?: DType;
  /** Others than those of the registry. */
  readonly among?: readonly RegisteredBackend[];
}

/** What `auto` would rather have than the reference, the best first. */
const preference: readonly BackendId[] = ["gpu", "simd"];

/**
 * The backend of this name, or with `auto` the best that there is: a GPU in hardware for float32, else SIMD, else the reference.
 * @throws BackendUnavailableError with reason and remedy if the one asked for by its own name, or with `auto` fused multiply-adds, are not to be had.
 */
export async function openBackend(
  name: BackendName,
  { dtype = "float64", among = backends, ...options }: OpenOptions = {},
): Promise<OpenedBackend> {
  if (name !== "auto") return openNamed(name, among, options);
  // Only one has them.
  if (options.fastMath) return openNamed("simd", among, options);
  const passedOver: PassedOver[] = [];
  for (const id of preference) {
    if (id === "gpu" && dtype !== "float32") {
      passedOver.push({ id, reason: `a GPU computes in float32, and this is in ${dtype}`, remedy: null });
      continue;
    }
    const offer = await registered(id, among).offer(options);
    if (!offer.available) passedOver.push({ id, reason: offer.reason, remedy: offer.remedy });
    else if (offer.slow !== undefined) passedOver.push({ id, reason: offer.slow, remedy: `ask for it by --backend ${id}` });
    else return opened(id, offer, options, passedOver);
  }
  return { ...(await openNamed("reference", among, options)), passedOver };
}

async function openNamed(id: BackendId, among: readonly RegisteredBackend[], options: BackendOptions): Promise<OpenedBackend> {
  const offer = await registered(id, among).offer(options);
  if (!offer.available) throw new BackendUnavailableError(id, offer);
  return opened(id, offer, options, []);
}

const opened = (id: BackendId, { backend, about }: Offered, { fastMath = false }: BackendOptions, passedOver: readonly PassedOver[]) => ({
  choice: { backend: id, fastMath },
  backend,
  about,
  passedOver,
});

function registered(id: BackendId, among: readonly RegisteredBackend[]): RegisteredBackend {
  const found = among.find((candidate) => candidate.id === id);
  if (!found) throw new RangeError(`no backend "${id}"; there are ${among.map((each) => each.id).join(", ")}`);
  return found;
}
