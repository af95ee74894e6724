import type { SearchConfiguration } from "./configuration.ts";
import type { Fitness, Individual, Position, SearchedValues } from "./generation.ts";
import type { GenerationPlan } from "./schedule.ts";

/** An individual with what became of it. */
export interface Judged extends Individual, Fitness {
  /** Is it of the better half? */
  readonly survived: boolean;
}

/** A generation with what became of it. */
export interface Generation extends GenerationPlan {
  /** Where it was drawn around. */
  readonly mean: Position;
  readonly individuals: readonly Judged[];
}

/** Some values on seeds that are the same for all that are compared. */
export interface Compared {
  readonly name: "start" | "tuned" | "paper";
  readonly values: Readonly<Record<string, number | string>>;
  /** Over the runs that came to their end: null if none did; no deviation of one. */
  readonly mean: number | null;
  readonly std: number | null;
  readonly n: number;
  readonly diverged: number;
}

/** Seeds of the comparison: none, where none was asked for. */
export const seedsOf = ({ rows: [first] }: SearchResult["comparison"]): number => (first ? first.n + first.diverged : 0);

/** What values were found by. */
export interface Provenance {
  readonly command: string;
  readonly seed: number;
  readonly version: string;
}

/** All that came of a search: it depends on the configuration alone. */
export interface SearchResult {
  readonly kind: "lodo-tuning";
  readonly configuration: SearchConfiguration;
  readonly generations: readonly Generation[];
  /** The mean of the last generation's better half, and the values there. */
  readonly end: Position;
  readonly tuned: SearchedValues;
  /** At the steps of the last generation. */
  readonly comparison: { readonly steps: number; readonly rows: readonly Compared[] };
  readonly provenance: Provenance;
}
