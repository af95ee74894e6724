/** The part of a test framework that the kit needs: vitest, jest and node:test all have it. */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => void): void;
}

/** How much heavier than by default the suites run: LODO_CASES, a positive integer, 1 unless set. */
export const casesFactor = (environment: Readonly<Record<string, string | undefined>>): number =>
  positiveInteger("LODO_CASES", environment["LODO_CASES"] ?? "1");

/** Where all randomness of the suites starts: LODO_SEED, fixed unless set. */
export const suiteSeed = (environment: Readonly<Record<string, string | undefined>>): number =>
  positiveInteger("LODO_SEED", environment["LODO_SEED"] ?? "20240229");

function positiveInteger(name: string, text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`${name} must be a positive integer, got "${text}"`);
  return n;
}
