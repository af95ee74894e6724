import { checkLayout, type Layout } from "@lodo/tensor";

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
 * @throws ArgumentError unless the slices lie end to end.
 */
export function layersOf(op: string, layout: Layout): Layers {
  checkLayout(op, layout);
  const names = [...new Set(layout.slices.map(({ path }) => layerName(path)))];
  const of = new Int32Array(layout.size);
  for (const { path, start, shape } of layout.slices)
    of.fill(names.indexOf(layerName(path)), start, start + shape.reduce((a, b) => a * b, 1));
  return { count: names.length, of };
}
