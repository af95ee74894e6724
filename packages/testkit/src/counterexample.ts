/** A case in which a law does not hold; the message says where, what was expected, and within what. */
export class Counterexample extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Counterexample";
  }
}

/** @throws Counterexample unless |got − expected| ≤ tolerance; infinities must agree, NaN agrees with NaN. */
export function expectClose(what: string, got: number, expected: number, tolerance: number): void {
  if (Object.is(got, expected) || got === expected) return;
  if (!(Math.abs(got - expected) <= tolerance)) throw new Counterexample(`${what}: expected ${expected} ± ${tolerance}, got ${got}`);
}

/** @throws Counterexample unless both hold the same bits: 0 is not −0, NaN is NaN. */
export function expectSameBits(what: string, got: ArrayLike<number>, expected: ArrayLike<number>): void {
  if (got.length !== expected.length) throw new Counterexample(`${what}: expected ${expected.length} numbers, got ${got.length}`);
  for (let i = 0; i < got.length; i++) {
    if (!Object.is(got[i], expected[i])) throw new Counterexample(`${what}: expected element ${i} to be ${expected[i]}, got ${got[i]}`);
  }
}

/** @throws Counterexample unless the shapes are one. */
export function expectShape(what: string, got: readonly number[], expected: readonly number[]): void {
  if (got.join() !== expected.join()) throw new Counterexample(`${what}: expected shape [${expected}], got [${got}]`);
}
