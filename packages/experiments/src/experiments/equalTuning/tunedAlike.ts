import { readTunedFile, type TunedEntry } from "../../tasks/tuned/tuned.ts";

/**
 * What the same search found for every optimizer, on Fashion-MNIST at the batch and the steps of the experiment: `lodo tune` with the command that
 * each entry tells, and --save-to this file.
 */
const tunedAlikeFile: URL = new URL("../../../src/experiments/equalTuning/fashion-mnist.json", import.meta.url);

/** LODO with one thing changed at a time: those of Table 3. */
export const variants: readonly string[] = ["lodo-residuals", "lodo-no-momentum", "lodo-sgd", "lodo-diagonal", "lodo-global"];

/** In the order of the table: LODO, its rivals, its variants. */
const order = ["lodo", "adam", "yogi", "rmsprop", "lars", "momentum", ...variants];

/** The entries of the optimizers that have been tuned. */
export function tunedAlike(): ReadonlyMap<string, TunedEntry> {
  const entries = readTunedFile(tunedAlikeFile);
  const place = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return new Map(Object.entries(entries).sort(([a], [b]) => place(a) - place(b)));
}
