import { DataError } from "./errors.ts";

/**
 * @param first the number, in its file, of the image that the first label is of.
 * @throws DataError naming the first label that is not below `classes`.
 */
export function checkLabels(labels: Uint8Array, source: string, classes: number, first = 0): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong === -1) return;
  throw new DataError(`${source}: expected labels from 0 to ${classes - 1}, found ${labels[wrong]}, that of image ${first + wrong}`);
}
