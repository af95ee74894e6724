import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  add,
  array,
  checkLayout,
  grad,
  type Layout,
  layoutOf,
  leaves,
  map,
  mul,
  type Params,
  ravel,
  scalar,
  sum,
  type Tensor,
  tensorsIn,
  vector,
  zeros,
} from "../src/index.ts";

const tree = { w: zeros([2, 3]), layers: [vector([1, 2]), { b: scalar(3) }] } as const;

describe("map", () => {
  it("keeps the structure", () => {
    const doubled = map((t) => add(t, t), tree);
    expect(Object.keys(doubled)).toEqual(["w", "layers"]);
    expect([doubled.w.shape, array(doubled.layers[0]), array(doubled.layers[1].b)]).toEqual([
      [2, 3],
      Float64Array.of(2, 4),
      Float64Array.of(6),
    ]);
    expect(array(map((t) => t, tree.layers[0]))).toEqual(Float64Array.of(1, 2));
  });

  it("runs over several trees at once", () => {
    const total = map((a, b, c) => add(a, mul(b as Tensor, c as Tensor)), [vector([1])], [vector([2])], [vector([10])]);
    expect(array(total[0] as Tensor)).toEqual(Float64Array.of(21));
  });

  it.for<[string, Params, Params, string]>([
    ["other keys", { a: scalar(1) }, { b: scalar(1) }, "at tree the first has keys {a}, another has keys {b}"],
    ["fewer elements", [scalar(1), scalar(2)], [scalar(1)], "at tree the first has keys {0,1}, another has keys {0}"],
    ["a tensor for a record", { a: { b: scalar(1) } }, { a: scalar(1) }, "at tree.a the first has keys {b}, another has a tensor"],
    ["a record for a tensor", { a: scalar(1) }, { a: { b: scalar(1) } }, "at tree.a the first has a tensor, another has keys {b}"],
  ])("refuses trees of another structure: %s", ([, first, second, message]) => {
    expect(() => map((t) => t, first, second)).toThrow(`map: trees must have one structure: ${message}`);
  });
});

it("leaves and tensorsIn list tensors in order, and the latter skips the rest", () => {
  expect(leaves(tree).map((t) => t.shape)).toEqual([[2, 3], [2], []]);
  expect([...tensorsIn({ name: "x", n: 1, none: null, data: new Int32Array(2), deep: [{ t: tree.w }] })]).toEqual([tree.w]);
});

describe("ravel", () => {
  it("lays tensors end to end, tells where, and goes back", () => {
    const { x, layout, unravel } = ravel(tree);
    expect(array(x)).toEqual(Float64Array.of(0, 0, 0, 0, 0, 0, 1, 2, 3));
    expect(layout).toEqual({
      size: 9,
      slices: [
        { path: "w", start: 0, shape: [2, 3] },
        { path: "layers.0", start: 6, shape: [2] },
        { path: "layers.1.b", start: 8, shape: [] },
      ],
    });
    expect(layoutOf(tree)).toEqual(layout);
    const back = unravel(vector([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect([back.w.shape, array(back.layers[0]), array(back.layers[1].b)]).toEqual([[2, 3], Float64Array.of(7, 8), Float64Array.of(9)]);
  });

  it("is differentiable both ways", () => {
    const weights = vector([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const g = grad((p: typeof tree) => sum(mul(ravel(p).x, weights)))(tree);
    expect([array(g.w), array(g.layers[1].b)]).toEqual([Float64Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(9)]);
    const { x, unravel } = ravel(tree);
    expect(array(grad((v: typeof x) => sum(mul(unravel(v).layers[0], 5)))(x))).toEqual(Float64Array.of(0, 0, 0, 0, 0, 0, 5, 5, 0));
  });

  it("refuses a vector of another length", () => {
    expect(() => ravel(tree).unravel(vector([1]))).toThrow("unravel: expected a vector of length 9, got 1");
  });

  it("a tree of one tensor has an empty path", () => {
    expect(layoutOf(vector([1])).slices).toEqual([{ path: "", start: 0, shape: [1] }]);
  });
});

describe("checkLayout", () => {
  const of = (size: number, ...slices: readonly (readonly [path: string, start: number, shape: readonly number[]])[]): Layout => ({
    size,
    slices: slices.map(([path, start, shape]) => ({ path, start, shape })),
  });

  it.each([layoutOf(tree), layoutOf([]), layoutOf(vector([1])), of(3, ["a", 0, [2]], ["none", 2, [0, 4]], ["b", 2, []])])(
    "passes slices that lie end to end: %j",
    (layout) => {
      expect(() => checkLayout("f", layout)).not.toThrow();
    },
  );

  it.each<[string, Layout, string]>([
    ["out of order", of(4, ["b", 2, [2]], ["a", 0, [2]]), 'expected slice "b" to start at 0, where those before it end, got 2'],
    ["with a gap", of(5, ["a", 0, [2]], ["b", 3, [2]]), 'expected slice "b" to start at 2, where those before it end, got 3'],
    ["that overlap", of(4, ["a", 0, [1, 3]], ["b", 2, [2]]), 'expected slice "b" to start at 3, where those before it end, got 2'],
    ["that end early", of(4, ["a", 0, [3]]), "expected slices that end at its size of 4, got some that end at 3"],
    ["that end late", of(4, ["a", 0, [3]], ["b", 3, [2]]), "expected slices that end at its size of 4, got some that end at 5"],
    ["none of which there are", of(4), "got some that end at 0"],
    ["that go back", of(4, ["a", 0, [-2]], ["b", -2, [6]]), 'extents must be integers of at least 0, got "a" of shape [-2]'],
    ["of half an element", of(1, ["a", 0, [0.5]], ["b", 0.5, [0.5]]), 'got "a" of shape [0.5]'],
  ])("refuses slices %s", (_, layout, message) => {
    expect(() => checkLayout("f", layout)).toThrow(ArgumentError);
    expect(() => checkLayout("f", layout)).toThrow(`f: layout: `);
    expect(() => checkLayout("f", layout)).toThrow(message);
  });
});
