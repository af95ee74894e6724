import { Counterexample } from "../counterexample.ts";

type ErrorClass = abstract new (...args: never) => Error;

/** @throws Counterexample unless f throws an error of the class, whose message says every one of the words. */
export function expectThrows(what: string, f: () => unknown, kind: ErrorClass, words: readonly (string | number)[]): void {
  const error = thrownBy(f);
  if (!error) throw new Counterexample(`${what}: expected a ${kind.name}, nothing was thrown`);
  const { name, message } = error;
  if (!(error instanceof kind)) throw new Counterexample(`${what}: expected a ${kind.name}, got ${name}: ${message}`);
  const missing = words.find((word) => !message.includes(String(word)));
  if (missing !== undefined) throw new Counterexample(`${what}: expected a message naming "${missing}", got "${message}"`);
}

function thrownBy(f: () => unknown): Error | null {
  try {
    f();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
