import { InvalidArgumentError } from "commander";

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

/** Reads a number above 0, and of at most `max`, from the command line. */
export const positiveUpTo =
  (max: number) =>
  (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!(value > 0 && value <= max)) throw new InvalidArgumentError(`Expected a number above 0, and at most ${max}, got "${text}".`);
    return value;
  };
