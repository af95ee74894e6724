import type { DType } from "@lodo/tensor";
import type { BackendId } from "./choice.ts";
import { backends } from "./index.ts";
import type { Offer, RegisteredBackend } from "./offer.ts";
import { openBackend, type PassedOver } from "./openBackend.ts";
import { type Measured, selfTest } from "./selfTest/selfTest.ts";

/** A backend as this machine has it, or why it has not. */
export interface Surveyed {
  readonly id: BackendId;
  readonly summary: string;
  readonly offer: Offer;
  /** Empty where it is not to be had. */
  readonly measured: readonly Measured[];
}

/** What `auto` takes for a precision, and why nothing better. */
export interface Automatic {
  readonly dtype: DType;
  readonly backend: BackendId;
  readonly passedOver: readonly PassedOver[];
}

export interface Survey {
  readonly backends: readonly Surveyed[];
  readonly auto: readonly Automatic[];
}

export interface SurveyOptions {
  /** Of measuring, in all. */
  readonly seconds: number;
  /** Others than those of the registry. */
  readonly among?: readonly RegisteredBackend[];
}

/** Opens every backend once, measures those that are there, and asks what `auto` would take. */
export async function survey({ seconds, among = backends }: SurveyOptions): Promise<Survey> {
  const found = await Promise.all(among.map(async (each) => ({ ...each, offer: await each.offer({}) })));
  const available = found.filter(({ offer }) => offer.available).length;
  const surveyed: Surveyed[] = [];
  for (const { id, summary, offer } of found) {
    const measured = offer.available ? await selfTest(offer.backend, seconds / available) : [];
    surveyed.push({ id, summary, offer, measured });
  }
  const known = found.map(({ offer, ...each }): RegisteredBackend => ({ ...each, offer: async () => offer }));
  const auto: Automatic[] = [];
  for (const dtype of ["float64", "float32"] as const) {
    const { choice, passedOver } = await openBackend("auto", { dtype, among: known });
    auto.push({ dtype, backend: choice.backend, passedOver });
  }
  return { backends: surveyed, auto };
}
