import { type Backend, withBackend } from "@lodo/tensor";
import type { Law } from "../law.ts";
import { float32Law } from "../laws/float32.ts";
import { fusedLaw } from "../laws/fused.ts";
import { purityLaw } from "../laws/layout.ts";
import { broadcastingLaw, sharedOperandLaw } from "../laws/operands.ts";
import { adjointLaw, cotangentLaw, linearityLaw } from "../laws/pullback.ts";
import { valueLaw } from "../laws/values.ts";
import type { Sample } from "../sample.ts";
import { agreementLaw } from "./agreementLaw.ts";
import { placementLaw } from "./placementLaw.ts";

/** A law, with a backend in place of the reference. */
const under = (backend: Backend, { name, check }: Law<Sample>): Law<Sample> => ({
  name,
  check: (sample, rng) => withBackend(backend, () => check(sample, rng)),
});

/** What every primitive obeys under a backend. Differences come in through the reference, with which the derivatives agree. */
export const backendLaws = (backend: Backend): readonly Law<Sample>[] => [
  agreementLaw(backend),
  placementLaw(backend),
  ...[valueLaw, cotangentLaw, adjointLaw, linearityLaw, broadcastingLaw, sharedOperandLaw, purityLaw, float32Law, fusedLaw].map((law) =>
    under(backend, law),
  ),
];
