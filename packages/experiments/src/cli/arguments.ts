import { InvalidArgumentError } from "commander";

/** Reads an integer of at least `min` from the command line; `1e5` is one. */
export const integerOf =
  (min: number) =>
  (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isSafeInteger(value) || value < min) {
      throw new InvalidArgumentError(`Expected an integer${min === Number.MIN_SAFE_INTEGER ? "" : ` of at least ${min}`}, got "${text}".`);
    }
    return value;
  };
