import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  array,
  concat,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  depthwiseConv2d,
  depthwiseConv2dFilterGradient,
  depthwiseConv2dInputGradient,
  type Filter,
  grad,
  type Images,
  item,
  matmul,
  mul,
  ones,
  pad,
  reshape,
  type Scalar,
  scalar,
  slice,
  sum,
  type Tensor,
  tensor,
  transpose,
} from "../src/index.ts";
import { convolutions, inner, moves, whole } from "./images.ts";

const expectSame = (got: Tensor, expected: Tensor): void => {
  expect(got.shape).toEqual(expected.shape);
  expect(Array.from(array(got), (v) => v + 0)).toEqual(Array.from(array(expected), (v) => v + 0));
};

/** A convolution of either kind, with its transposes. */
const kinds = {
  conv2d: { forward: conv2d, inputGradient: conv2dInputGradient, filterGradient: conv2dFilterGradient },
  depthwiseConv2d: {
    forward: depthwiseConv2d,
    inputGradient: depthwiseConv2dInputGradient,
    filterGradient: depthwiseConv2dFilterGradient,
  },
} as const;

/** The filter of a case as that kind takes it: [kh, kw, c, m] for depthwise, here with c images channels. */
const depthwise = convolutions.chain(({ x, filter, options: { groups: _, ...rest } }) =>
  whole([filter.shape[0], filter.shape[1], x.shape[3], filter.shape[3]]).map((f) => ({ x, filter: f as Filter, options: rest })),
);

describe.each([
  ["conv2d", kinds.conv2d, convolutions],
  ["depthwiseConv2d", kinds.depthwiseConv2d, depthwise],
] as const)("%s", (_, { forward, inputGradient, filterGradient }, cases) => {
  it("has the transposes in x and in the filter that its gradients are", () => {
    fc.assert(
      fc.property(
        (cases as typeof convolutions).chain((c) =>
          whole(forward(c.x, c.filter, c.options).shape).map((ct) => ({ ...c, ct: ct as Images })),
        ),
        ({ x, filter, options, ct }) => {
          const paired = inner(forward(x, filter, options), ct);
          expect(inner(x, inputGradient(ct, filter, x.shape, options))).toBe(paired);
          expect(inner(filter, filterGradient(x, ct, filter.shape, options))).toBe(paired);
        },
      ),
    );
  });

  // ⟨conv(x + tu, f + tv), y + tw⟩ is a cubic in t with leading coefficient ⟨conv(u, v), w⟩.
  it("has a third derivative through all three readings", () => {
    const threefold = (cases as typeof convolutions).chain((c) => {
      const y = forward(c.x, c.filter, c.options).shape;
      return fc.record({ c: fc.constant(c), u: whole(c.x.shape), v: whole(c.filter.shape), y: whole(y), w: whole(y) });
    });
    fc.assert(
      fc.property(threefold, ({ c: { x, filter, options }, u, v, y, w }) => {
        const along = (a: Tensor, b: Tensor, t: Scalar): Tensor => add(a, mul(t, b));
        const cubic = (t: Scalar): Scalar =>
          sum(mul(forward(along(x, u, t) as Images, along(filter, v, t) as Filter, options), along(y, w, t)));
        const third = grad((t: Scalar) => grad((s: Scalar) => grad(cubic)(s))(t));
        expect(item(third(scalar(0)))).toBe(6 * inner(forward(u as Images, v as Filter, options), w) + 0);
      }),
      { numRuns: 50 },
    );
  });

  it("commutes with moving the image by a stride", () => {
    fc.assert(
      fc.property(cases as typeof convolutions, ({ x, filter, options }) => {
        const valid = { ...options, padding: "valid" as const };
        const [sy, sx] = options.stride;
        const y = forward(x, filter, valid);
        fc.pre(y.shape[1] > 1 && y.shape[2] > 1);
        const movedImage = slice(x, { start: [0, sy, sx, 0] });
        expectSame(forward(movedImage, filter, valid), slice(y, { start: [0, 1, 1, 0] }));
      }),
    );
  });

  it("under 'same' gives ⌈extent / stride⌉ places, and is 'valid' on zeros written out, the odd one below and right", () => {
    fc.assert(
      fc.property(cases as typeof convolutions, ({ x, filter, options }) => {
        const y = forward(x, filter, { ...options, padding: "same" });
        const surplus = [0, 1].map((d) => {
          const [n, k, s] = [x.shape[d + 1], filter.shape[d], options.stride[d]] as [number, number, number];
          expect(y.shape[d + 1]).toBe(Math.ceil(n / s));
          return Math.max(0, n % s === 0 ? k - s : k - (n % s));
        }) as [number, number];
        const written = pad(x, {
          before: [0, Math.floor(surplus[0] / 2), Math.floor(surplus[1] / 2), 0],
          after: [0, Math.ceil(surplus[0] / 2), Math.ceil(surplus[1] / 2), 0],
        });
        expectSame(y, forward(written, filter, { ...options, padding: "valid" }));
      }),
    );
  });

  it("of given padding is that of zeros written out", () => {
    fc.assert(
      fc.property(cases as typeof convolutions, ({ x, filter, options }) => {
        fc.pre(typeof options.padding !== "string");
        const [[top, bottom], [left, right]] = options.padding as [[number, number], [number, number]];
        const written = pad(x, { before: [0, top, left, 0], after: [0, bottom, right, 0] });
        expectSame(forward(x, filter, options), forward(written, filter, { ...options, padding: "valid" }));
      }),
    );
  });

  it("sums in float64 where the numbers are float32", () => {
    const x = tensor([2 ** 24, 1, 1, -(2 ** 24)], [1, 2, 2, 1], { dtype: "float32" });
    const filter = ones([2, 2, 1, 1], { dtype: "float32" });
    expect(array(forward(x, filter))).toEqual(Float32Array.of(2));
    expect(array(filterGradient(x, ones([1, 2, 2, 1], { dtype: "float32" }), [1, 1, 1, 1]))).toEqual(Float32Array.of(2));
    const ct = reshape(x, [1, 2, 2, 1]);
    const back = inputGradient(ct, filter, [1, 3, 3, 1]);
    expect(array(back)[4]).toBe(2);
  });
});

describe("conv2d is", () => {
  it("a matrix product where the filter has one tap", () => {
    const products = fc.record({ x: whole([2, 3, 2, 3]), filter: whole([1, 1, 3, 4]) });
    fc.assert(
      fc.property(products, ({ x, filter }) => {
        expectSame(conv2d(x, filter), matmul(x as Tensor, reshape(filter, [3, 4]) as Tensor));
      }),
    );
  });

  it("in groups, the convolutions of each group side by side", () => {
    fc.assert(
      fc.property(convolutions, ({ x, filter, options: { groups, ...options } }) => {
        const part = (t: Images, g: number): Images => {
          const width = t.shape[3] / groups;
          return slice(t, { start: [0, 0, 0, g * width], stop: [...t.shape.slice(0, 3), (g + 1) * width] });
        };
        const each = Array.from({ length: groups }, (_, g) => conv2d(part(x, g), part(filter, g), options));
        expectSame(conv2d(x, filter, { ...options, groups }), concat(each, { axis: 3 }));
      }),
    );
  });

  it("in one dimension the other's with axes exchanged", () => {
    fc.assert(
      fc.property(convolutions, ({ x, filter, options: { stride, padding, groups } }) => {
        const exchanged = {
          groups,
          stride: [stride[1], stride[0]] as const,
          padding: typeof padding === "string" ? padding : ([padding[1], padding[0]] as const),
        };
        const y = conv2d(transpose(x, [0, 2, 1, 3]), transpose(filter, [1, 0, 2, 3]), exchanged);
        expectSame(transpose(y, [0, 2, 1, 3]), conv2d(x, filter, { stride, padding, groups }));
      }),
    );
  });
});

describe("depthwiseConv2d is", () => {
  it("conv2d with a group for each channel, in value and in both gradients", () => {
    const cases = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), moves)
      .chain(([c, m, options]) => fc.record({ x: whole([2, 4, 3, c]), filter: whole([3, 2, c, m]), options: fc.constant(options) }));
    fc.assert(
      fc.property(cases, ({ x, filter, options }) => {
        const [kh, kw, c, m] = filter.shape;
        const full = reshape(filter, [kh, kw, 1, c * m]);
        const grouped = { ...options, groups: c };
        const y = depthwiseConv2d(x, filter, options);
        expectSame(y, conv2d(x, full, grouped));
        expectSame(depthwiseConv2dInputGradient(y, filter, x.shape, options), conv2dInputGradient(y, full, x.shape, grouped));
        expectSame(
          reshape(depthwiseConv2dFilterGradient(x, y, filter.shape, options), full.shape),
          conv2dFilterGradient(x, y, full.shape, grouped),
        );
      }),
    );
  });
});
