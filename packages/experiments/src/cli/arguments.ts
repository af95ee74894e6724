import { InvalidArgumentError } from "commander";
import type { Shard } from "../experiments/shard.ts";

/** Reads an integer from `min` to `max` from the command line; `1e5` is one. */
export const integerOf =
  (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected an integer${describeRange(min, max)}, got "${text}".`);
    }
    return value;
  };

function describeRange(min: number, max: number): string {
  if (max !== Number.MAX_SAFE_INTEGER) return ` from ${min} to ${max}`;
  return min === Number.MIN_SAFE_INTEGER ? "" : ` of at least ${min}`;
}

/** Reads the path of a folder, which need not exist. */
export function folderPath(text: string): string {
  if (text === "") throw new InvalidArgumentError('Expected the path of a folder, got "".');
  return text;
}

/** Reads one of several paths of folders: the next of those before. */
export const folderPaths = (text: string, before: readonly string[] = []): readonly string[] => [...before, folderPath(text)];

/** Reads a shard from the command line, `2/8`. */
export function shard(text: string): Shard {
  const [part, of] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []).slice(1).map(Number);
  if (part === undefined || of === undefined || part < 1 || part > of)
    throw new InvalidArgumentError(`Expected a shard, 1/n to n/n for n of at most 99999, got "${text}".`);
  return { part, of };
}

/** Reads a number above 0, and of at most `max`, from the command line. */
export const positiveUpTo =
  (max: number) =>
  (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!(value > 0 && value <= max)) throw new InvalidArgumentError(`Expected a number above 0, and at most ${max}, got "${text}".`);
    return value;
  };
