import { ArgumentError, type Layout } from "@lodo/tensor";

/** Which layer each element of x belongs to. */
export interface Layers {
  readonly count: number;
  /** [n], from 0 */
  readonly of: Int32Array;
}

/** `block1.weights` and `block1.biases` are of the layer `block1`; a path without a dot is a layer of its own. */
const layerName = (path: string): string => (path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : path);

/**
 * The layers of a layout: slices whose paths agree up to the last dot are one.
 * @throws ArgumentError unless every element of x lies in exactly one slice.
 */
export function layersOf(op: string, { size, slices }: Layout): Layers {
  const names = [...new Set(slices.map(({ path }) => layerName(path)))];
  const of = new Int32Array(size).fill(-1);
  for (const { path, start, shape } of slices) {
    const stop = start + shape.reduce((a, b) => a * b, 1);
    for (let i = start; i < stop; i++) {
      if (!(of[i] === -1))
        throw new ArgumentError(op, `layout: x[${i}] of ${path} ${i in of ? "is in another slice, too" : `is beyond its size of ${size}`}`);
      of[i] = names.indexOf(layerName(path));
    }
  }
  const left = of.indexOf(-1);
  if (left >= 0) throw new ArgumentError(op, `layout: x[${left}] is in no slice`);
  return { count: names.length, of };
}
