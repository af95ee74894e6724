import { windowsAlong } from "@lodo/tensor";
import { type KernelCases, type ViewData, viewOf } from "@lodo/testkit";
import { type Arbitrary, constant, constantFrom, integer, record, tuple } from "fast-check";
import { shapeOf, sumsOf } from "./tolerances.ts";

const dtype = "float32";
type Axes = readonly number[];

const count = (least: number, most: number): Arbitrary<number> => integer({ min: least, max: most });

interface Window {
  readonly image: Axes;
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
}

const windows: Arbitrary<Window> = record({
  ...{ n: count(1, 3), h: count(1, 7), w: count(1, 7), c: count(1, 5) },
  ...{ kh: count(1, 3), kw: count(1, 3), stride: tuple(count(1, 3), count(1, 3)) },
  padding: tuple(count(0, 2), count(0, 2), count(0, 2), count(0, 2)),
})
  .map(({ n, h, w, c, kh, kw, stride, padding }) => ({ image: [n, h, w, c], window: [kh, kw] as const, stride, padding }))
  .filter(({ image, window, stride, padding }) => windowsAlong(image, window, { stride, padding }).every((places) => places >= 1));

interface Call {
  readonly image: Axes;
  readonly filter: Axes;
  readonly out: Axes;
  readonly geometry: { readonly stride: Window["stride"]; readonly padding: Window["padding"]; readonly groups: number };
}

/** co of `multiple` a group. */
const convolutions = (groupsOf: (c: number) => Arbitrary<number>, depthwise: boolean): Arbitrary<Call> =>
  windows.chain(({ image, window, stride, padding }) =>
    tuple(groupsOf(image[3] as number), count(1, 6)).map(([groups, multiple]) => {
      const c = image[3] as number;
      const filter = depthwise ? [...window, c, multiple] : [...window, c / groups, groups * multiple];
      const places = windowsAlong(image, window, { stride, padding });
      const out = [image[0] as number, ...places, groups * multiple];
      return { image, filter, out, geometry: { stride, padding, groups } };
    }),
  );

function convolutionCases(name: string, calls: Arbitrary<Call>): readonly KernelCases[] {
  const view = (shape: Axes): Arbitrary<ViewData> => viewOf(shape, { dtype });
  const taps = (filter: unknown): number => shapeOf(filter).reduce((a, n) => a * n, 1);
  return [
    {
      kernel: name,
      calls: calls.chain(({ image, filter, geometry }) => tuple(view(image), view(filter), constant(geometry))),
      tolerance: sumsOf(name, ([, filter]) => 4 * taps(filter)),
    },
    {
      kernel: `${name}InputGradient`,
      calls: calls.chain(({ image, filter, out, geometry }) => tuple(view(out), view(filter), constant(geometry), constant(image))),
      tolerance: sumsOf(`${name}InputGradient`, ([, filter]) => 4 * taps(filter)),
    },
    {
      kernel: `${name}FilterGradient`,
      calls: calls.chain(({ image, filter, out, geometry }) => tuple(view(image), view(out), constant(geometry), constant(filter))),
      tolerance: sumsOf(`${name}FilterGradient`, ([, out]) =>
        shapeOf(out)
          .slice(0, 3)
          .reduce((a, n) => a * n, 1),
      ),
    },
  ];
}

/** Every window meets the image, or its mean is of nothing. */
const pools = windows.filter(
  ({ padding, window }) => Math.max(padding[0], padding[1]) < window[0] && Math.max(padding[2], padding[3]) < window[1],
);

/** A division is off by up to 2.5 units, as three operations. */
const poolTerms = (geometry: unknown): number => (geometry as Window).window.reduce((a, n) => a * n, 3);

const poolingCases: readonly KernelCases[] = [
  {
    kernel: "avgPool2d",
    calls: pools.chain(({ image, ...geometry }) => tuple(viewOf(image, { dtype }), constant(geometry))),
    tolerance: sumsOf("avgPool2d", ([, geometry]) => poolTerms(geometry)),
  },
  {
    kernel: "avgPool2dGradient",
    calls: pools.chain(({ image, ...geometry }) => {
      const places = windowsAlong(image, geometry.window, geometry);
      return tuple(viewOf([image[0] as number, ...places, image[3] as number], { dtype }), constant(geometry), constant(image));
    }),
    tolerance: sumsOf("avgPool2dGradient", ([, geometry]) => poolTerms(geometry)),
  },
];

const divisors = (c: number): Arbitrary<number> => constantFrom(...[1, 2, 3, 4, 5].filter((g) => c % g === 0));

/** Whatever moves a window over images. */
export const windowCases: readonly KernelCases[] = [
  ...poolingCases,
  ...convolutionCases("conv2d", convolutions(divisors, false)),
  ...convolutionCases("depthwiseConv2d", convolutions(constant, true)),
];
