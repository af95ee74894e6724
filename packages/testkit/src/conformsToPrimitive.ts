import { createRng } from "@lodo/tensor";
import { Counterexample } from "./counterexample.ts";
import type { Law } from "./law.ts";
import { primitiveLaws } from "./laws/primitiveLaws.ts";
import type { TestRunner } from "./runner.ts";
import type { Operation, Sample } from "./sample.ts";

export interface ConformanceOptions {
  /** All of `primitiveLaws` unless named. */
  readonly laws?: readonly Law<Sample>[];
  /** How many times each sample is drawn. */
  readonly draws?: number;
  readonly seed?: number;
}

/** Comparisons made so far under each law, by its name. */
export type Tally = Map<string, number>;

/**
 * Checks one law on every sample of an operation, `draws` times over. Returns the number of comparisons.
 * @throws Counterexample naming law, operation, sample, seed and draw.
 */
export function checkLaw(
  law: Law<Sample>,
  { name, samples }: Operation,
  { draws = 1, seed = 1 }: Omit<ConformanceOptions, "laws"> = {},
): number {
  let checks = 0;
  for (const sample of samples) {
    for (let draw = 0; draw < draws; draw++) {
      const rng = createRng(seed).split(name).split(sample.name).split(draw);
      try {
        checks += law.check(sample, rng);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const where = `${name}, ${sample.name} (seed ${seed}, draw ${draw})`;
        throw new Counterexample(`"${law.name}" does not hold for ${where}: ${message}`, { cause: error });
      }
    }
  }
  return checks;
}

/** Declares a test for each law of primitives on an operation's samples. The tally fills as the tests run. */
export function conformsToPrimitive(
  { describe, it }: TestRunner,
  operation: Operation,
  { laws = primitiveLaws, draws = 1, seed = 1 }: ConformanceOptions = {},
): Tally {
  const tally: Tally = new Map();
  describe(operation.name, () => {
    for (const law of laws) {
      it(law.name, () => {
        tally.set(law.name, checkLaw(law, operation, { draws, seed }));
      });
    }
  });
  return tally;
}
