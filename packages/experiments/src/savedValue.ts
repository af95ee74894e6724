import { deserialize, FormatError } from "@lodo/optim";
import { z } from "zod";

/** Makes an error of what is wrong with something that was saved. */
export type Refuse = (problem: string) => Error;

export const natural: z.ZodType<number> = z.number().int().nonnegative();
/** NaN and infinities included. */
export const number: z.ZodType<number> = z.custom<number>((value) => typeof value === "number", "expected a number");

/** What a schema makes of a saved value. @throws the error that `refuse` makes of what is wrong with it, each problem with its place. */
export function parseSaved<T>(schema: z.ZodType<T>, value: unknown, refuse: Refuse): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(parsed.error.issues.map(({ path, message }) => `${path.join(".") || "its root"}: ${message}`).join("; "));
}

/** The tree in a file's bytes. @throws the error that `refuse` makes of what is wrong with them. */
export function readTree(bytes: Uint8Array, refuse: Refuse): unknown {
  try {
    return deserialize(bytes);
  } catch (error) {
    throw error instanceof FormatError ? refuse(error.message) : error;
  }
}
