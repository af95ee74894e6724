import { createRng } from "@lodo/tensor";
import { type Arbitrary, check, property } from "fast-check";
import { Counterexample } from "../counterexample.ts";
import type { Law } from "../law.ts";
import type { TestRunner } from "../runner.ts";

/** A case as plain data: drawn, shrunk and printed as such. */
export interface CaseData {
  /** Where everything random about the case starts. */
  readonly seed: number;
}

/** Where the cases of a law come from. */
export interface CaseSource<Data extends CaseData, Case> {
  readonly name: string;
  readonly data: Arbitrary<Data>;
  /** Tried before anything is drawn. */
  readonly edges: readonly Data[];
  /** What the law is about, from data alone. */
  build(data: Data): Case;
}

/** How long to look, and from where. */
export interface Search {
  /** How many cases are drawn, after the edges. */
  readonly cases?: number;
  readonly seed?: number;
  /** The path that a counterexample was printed with: tries it first, and nothing that came before it. */
  readonly path?: string;
}

/** What a search found. */
export interface Findings<Data> {
  /** Comparisons made. */
  readonly checks: number;
  readonly counterexample?: {
    /** The smallest case that fails. */
    readonly data: Data;
    readonly message: string;
    readonly seed: number;
    readonly path: string;
  };
}

/** Comparisons made so far under each law, by its name. */
export type LawTally = Map<string, number>;

/** Looks for a case in which the law does not hold, and shrinks it. */
export function findCounterexample<Data extends CaseData, Case>(
  law: Law<Case>,
  { data, edges, build }: CaseSource<Data, Case>,
  { cases = 10, seed = 1, path }: Search = {},
): Findings<Data> {
  let checks = 0;
  const holds = property(data, (drawn) => {
    checks += law.check(build(drawn), createRng(drawn.seed).split(law.name));
  });
  const details = check(holds, {
    seed,
    numRuns: edges.length + cases,
    examples: edges.map((edge) => [edge] as [Data]),
    ...(path === undefined ? {} : { path }),
  });
  const [smallest] = details.counterexample ?? [];
  if (!details.failed || smallest === undefined) return { checks };
  const { errorInstance: error } = details;
  const message = error instanceof Error ? error.message : String(error);
  return { checks, counterexample: { data: smallest, message, seed: details.seed, path: details.counterexamplePath ?? "" } };
}

/**
 * Checks a law on the edges and on drawn cases; returns the number of comparisons.
 * @throws Counterexample naming law, subject, the smallest case, and the seed and path that replay it.
 */
export function expectLaw<Data extends CaseData, Case>(law: Law<Case>, source: CaseSource<Data, Case>, search: Search = {}): number {
  const { checks, counterexample } = findCounterexample(law, source, search);
  if (!counterexample) return checks;
  const { data, message, seed, path } = counterexample;
  throw new Counterexample(
    `"${law.name}" does not hold for ${source.name}: ${message}\n  smallest case ${JSON.stringify(data)}\n  replay with seed ${seed}, path "${path}"`,
  );
}

/** Declares a test for each law. The tally fills as the tests run. */
export function declareLaws<Data extends CaseData, Case>(
  { describe, it }: TestRunner,
  laws: readonly Law<Case>[],
  source: CaseSource<Data, Case>,
  search: Search,
): LawTally {
  const tally: LawTally = new Map();
  describe(source.name, () => {
    for (const law of laws) {
      it(law.name, () => {
        tally.set(law.name, expectLaw(law, source, search));
      });
    }
  });
  return tally;
}
