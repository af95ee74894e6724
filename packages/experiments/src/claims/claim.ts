import type { Arbitrary } from "fast-check";

/** What is known of a statement: proved, in the paper or, where it says more than the paper, by us; argued there without proof; or found false as it stands. */
export type ClaimStatus = "proved" | "argued" | "refuted-as-stated";

/**
 * A statement of the paper as an executable property. `subject` is the code that the statement is about; `wrong` holds variants of it with one mistake
 * each, under which the statement must fail, so that the check is known to be able to.
 */
export interface Claim<Case = unknown, Subject = unknown> {
  readonly id: string;
  /** The paper's equation, theorem, section or table. */
  readonly reference: string;
  /** In the paper's terms. For a refuted one: what is false, and what holds instead, which is then what `margin` measures. */
  readonly statement: string;
  readonly status: ClaimStatus;
  readonly cases: Arbitrary<Case>;
  /** How many cases the test suite draws. */
  readonly runs: number;
  readonly subject: Subject;
  readonly wrong: Readonly<Record<string, Subject>>;
  /** How far the statement is from failing on a case, as a fraction of what it allows: 1 at best, 0 at the edge, negative where it fails. */
  margin(testCase: Case, subject: Subject): number;
}

/** A claim of any kind of case: what registries hold. */
export type RegisteredClaim = Claim<never, never>;

export const defineClaim = <Case, Subject>(claim: Claim<Case, Subject>): Claim => claim as unknown as Claim;

/** The margin of an equality: 1 − error/tolerance; −∞ where the error is NaN. */
export const equalityMargin = (error: number, tolerance: number): number =>
  Number.isNaN(error) ? Number.NEGATIVE_INFINITY : 1 - error / tolerance;
