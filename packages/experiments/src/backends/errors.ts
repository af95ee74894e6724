import type { BackendId } from "./choice.ts";
import type { Refused } from "./offer.ts";

/** A backend that was asked for by name and that this machine has not. */
export class BackendUnavailableError extends Error {
  override readonly name = "BackendUnavailableError";
  readonly backend: BackendId;
  readonly remedy: string;

  constructor(backend: BackendId, { reason, remedy }: Refused) {
    super(`the backend ${backend} is not to be had here: ${reason}; ${remedy}`);
    this.backend = backend;
    this.remedy = remedy;
  }
}
