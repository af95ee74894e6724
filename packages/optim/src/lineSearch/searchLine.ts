import { advanceSearch, type MoreThuenteSearch, type SearchEnd } from "./moreThuente.ts";
import type { Sample } from "./trial.ts";

/** Runs a search on φ, given as value and slope at a step; at most so many evaluations. */
export function searchLine(
  φ: (step: number) => Omit<Sample, "step">,
  search: MoreThuenteSearch,
  maxEvaluations: number,
): { readonly reason: SearchEnd["reason"] | "too-many-evaluations"; readonly best: Sample } {
  let current = search;
  for (let k = 0; k < maxEvaluations; k++) {
    const found = φ(current.step);
    const next = advanceSearch(current, found);
    if ("reason" in next) return next;
    current = next;
  }
  return { reason: "too-many-evaluations", best: current.best };
}
