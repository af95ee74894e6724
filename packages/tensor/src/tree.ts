import { ArgumentError, ShapeError } from "./errors.ts";
import { concat } from "./ops/join.ts";
import { reshape } from "./ops/reshape.ts";
import { slice } from "./ops/slice.ts";
import type { Shape } from "./shape.ts";
import { Tensor, type Vector } from "./tensor.ts";

/** Tensors in arrays and records, nested as one likes: what one differentiates with respect to. */
export type Params = Tensor | readonly Params[] | { readonly [key: string]: Params };

/** The children of a node with their keys, in the order of insertion. */
const children = (node: object): [string, unknown][] => Object.entries(node);

const isNode = (value: unknown): value is object => typeof value === "object" && value !== null && !ArrayBuffer.isView(value);

/** The tensors of a tree, in order. */
export const leaves = (tree: Params): Tensor[] => tensorsIn(tree);

/** Every tensor reachable through arrays and records, whatever else (numbers, strings, typed arrays) stands beside them. */
export function tensorsIn(value: unknown): Tensor[] {
  const found: Tensor[] = [];
  const visit = (node: unknown): void => {
    if (node instanceof Tensor) found.push(node);
    else if (Array.isArray(node)) node.forEach(visit);
    else if (isNode(node)) for (const key in node) if (Object.hasOwn(node, key)) visit((node as Readonly<Record<string, unknown>>)[key]);
  };
  visit(value);
  return found;
}

/**
 * The tree with f applied to each tensor, and to those at the same place in the other trees.
 * @throws ArgumentError if the trees differ in structure.
 */
export function map<P extends Params>(f: (...leaves: Tensor[]) => Tensor, tree: P, ...rest: P[]): P {
  const go = (path: string, node: Params, others: readonly Params[]): Params => {
    if (!isNode(node))
      throw new ArgumentError("map", `expected a tensor, or tensors in arrays and records, at ${path}, got ${String(node)}`);
    if (node instanceof Tensor) {
      for (const other of others) if (!(other instanceof Tensor)) throw structureError(path, "a tensor", other);
      return f(node, ...(others as Tensor[]));
    }
    for (const other of others) {
      if (other instanceof Tensor || !isNode(other) || Object.keys(other).join() !== Object.keys(node).join()) {
        throw structureError(path, `keys {${Object.keys(node)}}`, other);
      }
    }
    const mapped = children(node).map(([key, child]) => {
      const there = others.map((other) => (other as Readonly<Record<string, Params>>)[key] as Params);
      return [key, go(`${path}.${key}`, child as Params, there)] as const;
    });
    return Array.isArray(node) ? mapped.map(([, child]) => child) : Object.fromEntries(mapped);
  };
  return go("tree", tree, rest) as P;
}

/**
 * As `map`, with an f of several results: the trees of each of them.
 * @throws ArgumentError if the trees differ in structure.
 */
export function mapTo<P extends Params, Results extends readonly Tensor[]>(
  count: Results["length"],
  f: (...leaves: Tensor[]) => Results,
  tree: P,
  ...rest: P[]
): { readonly [K in keyof Results]: P } {
  const results: Results[] = [];
  map(
    (...leaves) => {
      results.push(f(...leaves));
      return leaves[0] as Tensor;
    },
    tree,
    ...rest,
  );
  const treeOf = (r: number): P => {
    let i = 0;
    return map(() => results[i++]?.[r] as Tensor, tree);
  };
  return [...Array(count).keys()].map(treeOf) as readonly P[] as { readonly [K in keyof Results]: P };
}

function structureError(path: string, expected: string, got: unknown): ArgumentError {
  const found = got instanceof Tensor ? "a tensor" : isNode(got) ? `keys {${Object.keys(got)}}` : String(got);
  return new ArgumentError("map", `trees must have one structure: at ${path} the first has ${expected}, another has ${found}`);
}

/** Where each tensor of a tree lies in its ravelled vector: end to end from 0 to `size`, in order. */
export interface Layout {
  readonly size: number;
  readonly slices: readonly { readonly path: string; readonly start: number; readonly shape: Shape }[];
}

/** Lays the tensors of a tree end to end, in order. */
export function layoutOf(tree: Params): Layout {
  const slices: { path: string; start: number; shape: Shape }[] = [];
  let start = 0;
  const visit = (path: string, node: Params): void => {
    if (node instanceof Tensor) {
      slices.push({ path, start, shape: node.shape });
      start += node.size;
    } else for (const [key, child] of children(node)) visit(path === "" ? key : `${path}.${key}`, child as Params);
  };
  visit("", tree);
  return { size: start, slices };
}

/**
 * Refuses slices that are not end to end in order: whoever goes through them by their shapes alone would take the wrong elements of x.
 * @throws ArgumentError naming `op` and the first slice that is out of place, where it should begin and where it does.
 */
export function checkLayout(op: string, { size, slices }: Layout): void {
  let end = 0;
  for (const { path, start, shape } of slices) {
    if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0))
      throw new ArgumentError(op, `layout: extents must be integers of at least 0, got "${path}" of shape [${shape}]`);
    if (start !== end)
      throw new ArgumentError(op, `layout: expected slice "${path}" to start at ${end}, where those before it end, got ${start}`);
    end += shape.reduce((a, b) => a * b, 1);
  }
  if (end !== size) throw new ArgumentError(op, `layout: expected slices that end at its size of ${size}, got some that end at ${end}`);
}

/** The flat vector of a tree, and the inverse map; both differentiable. */
export function ravel<P extends Params>(tree: P): { readonly x: Vector; readonly layout: Layout; readonly unravel: (x: Vector) => P } {
  const layout = layoutOf(tree);
  const x = concat(
    leaves(tree).map((t) => reshape(t, [t.size])),
    { axis: 0 },
  ) as Vector;
  const unravel = (v: Vector): P => {
    if (v.shape[0] !== layout.size) throw new ShapeError("unravel", `expected a vector of length ${layout.size}, got ${v.shape[0]}`);
    let i = 0;
    return map((t) => {
      const { start, shape } = layout.slices[i++] as Layout["slices"][number];
      return reshape(slice(v, { start: [start], stop: [start + t.size] }), shape);
    }, tree);
  };
  return { x, layout, unravel };
}
