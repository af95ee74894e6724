import { CommanderError } from "commander";

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command line is right and the work could not be done: exit code 1. */
export class FailureError extends Error {
  override readonly name = "FailureError";
}

/** 0 done, 2 wrong usage, 1 failed. */
export type ExitCode = 0 | 1 | 2;

/** The exit code of an error, and what to say about it: nothing if commander has spoken, and a stack only for errors that nobody expected. */
export function explain(error: unknown): { readonly code: ExitCode; readonly message: string | null } {
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? 0 : 2, message: null };
  if (error instanceof UsageError) return { code: 2, message: error.message };
  if (!(error instanceof Error)) return { code: 1, message: String(error) };
  return { code: 1, message: isExpected(error) ? error.message : (error.stack ?? error.message) };
}

/** Our own errors say all there is to say, and so do the operating system's. */
const isExpected = (error: Error): boolean => error.name !== "Error" && !(error instanceof TypeError) && !(error instanceof RangeError);

/** What `f` returns; what it throws of class `from` becomes a usage error. */
export function asUsage<T>(from: abstract new (...args: never[]) => Error, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw error instanceof from ? new UsageError(error.message, { cause: error }) : error;
  }
}
