import {
  type Conv2dOptions,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  depthwiseConv2d,
  depthwiseConv2dFilterGradient,
  depthwiseConv2dInputGradient,
  type Filter,
  type Images,
  type Tensor,
} from "@lodo/tensor";
import { convolved, convolvedBack, correlated, gathered, type Moves, spread } from "../reference/images.ts";
import type { Reference } from "../reference/operations.ts";
import type { Plain } from "../reference/plain.ts";
import type { Operation, Sample } from "../sample.ts";
import { between, type Domain, drawn, either, ordinary } from "./domain.ts";

type Four = readonly [number, number, number, number];

/** Images, a filter, and how it moves. The groups of a depthwise convolution are its channels. */
interface Case {
  readonly name: string;
  readonly x: Four;
  readonly filter: Four;
  readonly moves?: Moves;
  readonly domain?: Domain;
}

const large = either(between(1e60, 2e60, 1e60));
const small = either(between(1e-60, 2e-60, 1e-60));

/** Cases that both convolutions have; the filters' last extent is that of either. */
const common: readonly Case[] = [
  { name: "stride 2, odd extents", x: [1, 5, 3, 1], filter: [3, 2, 1, 1], moves: { stride: [2, 2] } },
  { name: "stride 2, same", x: [1, 4, 3, 1], filter: [3, 3, 1, 2], moves: { stride: [2, 2], padding: "same" } },
  { name: "same, an odd pixel over", x: [1, 3, 2, 1], filter: [2, 2, 1, 2], moves: { padding: "same" } },
  { name: "same, two strides", x: [1, 4, 4, 1], filter: [2, 3, 1, 1], moves: { stride: [1, 2], padding: "same" } },
  { name: "same, strides beyond the filter", x: [1, 5, 4, 1], filter: [2, 1, 1, 1], moves: { stride: [3, 2], padding: "same" } },
  {
    name: "padding on some sides, two strides",
    x: [1, 4, 3, 1],
    filter: [2, 3, 1, 1],
    moves: {
      stride: [1, 2],
      padding: [
        [1, 0],
        [2, 1],
      ],
    },
  },
  {
    name: "windows on nothing but padding",
    x: [1, 1, 2, 1],
    filter: [1, 2, 1, 1],
    moves: {
      padding: [
        [1, 1],
        [2, 2],
      ],
    },
  },
  { name: "pixels that no window reaches", x: [1, 4, 3, 1], filter: [2, 1, 1, 1], moves: { stride: [3, 2] } },
  { name: "one number", x: [1, 1, 1, 1], filter: [1, 1, 1, 1] },
  { name: "no images", x: [0, 3, 3, 1], filter: [2, 2, 1, 2] },
];

const fullCases: readonly Case[] = [
  { name: "channels to channels", x: [1, 3, 3, 2], filter: [2, 2, 2, 2] },
  { name: "two images, filter of their shape", x: [2, 2, 2, 2], filter: [2, 2, 2, 2] },
  { name: "one tap", x: [1, 2, 2, 2], filter: [1, 1, 2, 3] },
  { name: "two groups", x: [1, 2, 3, 4], filter: [2, 2, 2, 2], moves: { groups: 2 } },
  { name: "two groups, stride 2, same", x: [1, 3, 3, 2], filter: [2, 2, 1, 4], moves: { groups: 2, stride: [2, 2], padding: "same" } },
  { name: "a group for each channel", x: [1, 3, 2, 3], filter: [2, 1, 1, 6], moves: { groups: 3 } },
  { name: "large magnitude", x: [1, 3, 2, 2], filter: [2, 1, 2, 2], domain: large },
  { name: "small magnitude", x: [1, 3, 2, 2], filter: [2, 1, 2, 2], domain: small },
  ...common,
];

const depthwiseCases: readonly Case[] = [
  { name: "a filter for each channel", x: [1, 3, 3, 2], filter: [2, 2, 2, 1] },
  { name: "two images", x: [2, 2, 2, 2], filter: [2, 2, 2, 2] },
  { name: "one tap, three filters for each", x: [1, 2, 2, 2], filter: [1, 1, 2, 3] },
  {
    name: "two filters for each of three, stride 2, same",
    x: [1, 3, 2, 3],
    filter: [2, 2, 3, 2],
    moves: { stride: [2, 2], padding: "same" },
  },
  { name: "large magnitude", x: [1, 3, 2, 2], filter: [2, 1, 2, 2], domain: large },
  { name: "small magnitude", x: [1, 3, 2, 2], filter: [2, 1, 2, 2], domain: small },
  ...common,
];

/** The three readings of a convolution, in ops and as references. */
interface Readings {
  forward(x: Images, filter: Filter, options: Conv2dOptions): Images;
  inputGradient(ct: Images, filter: Filter, inputShape: Four, options: Conv2dOptions): Images;
  filterGradient(x: Images, ct: Images, filterShape: Four, options: Conv2dOptions): Filter;
  readonly references: (c: Case) => { readonly forward: Reference; readonly inputGradient: Reference; readonly filterGradient: Reference };
}

/** A sample of each reading of a case. The sums are of this many products at most, and as many in the reference. */
function operations(name: string, cases: readonly Case[], readings: Readings): readonly Operation[] {
  const sample = (
    c: Case,
    shapes: readonly Four[],
    terms: number,
    f: (...xs: readonly Tensor[]) => Tensor,
    reference: Reference,
  ): Sample => {
    const domain = c.domain ?? ordinary;
    return {
      name: c.name,
      inputs: (rng) => shapes.map((shape) => drawn(rng, domain, shape)),
      f,
      reference,
      h: domain.h,
      roundings: 2 * (terms + 1),
    };
  };
  const of = (reading: (c: Case, out: Four, options: Conv2dOptions) => Sample): readonly Sample[] =>
    cases.map((c) => {
      const empty = (shape: Four): Plain => ({ shape, data: Array.from({ length: shape.reduce((p, q) => p * q, 1) }, () => 0) });
      return reading(c, readings.references(c).forward(empty(c.x), empty(c.filter)).shape as Four, c.moves ?? {});
    });
  const taps = ({ filter: [kh, kw] }: Case): number => kh * kw;
  return [
    {
      name,
      samples: of((c, _, options) =>
        sample(
          c,
          [c.x, c.filter],
          taps(c) * c.filter[2],
          (x, f) => readings.forward(x as Images, f as Filter, options),
          readings.references(c).forward,
        ),
      ),
    },
    {
      name: `${name}InputGradient`,
      samples: of((c, out, options) =>
        sample(
          c,
          [out, c.filter],
          taps(c) * c.filter[3],
          (ct, f) => readings.inputGradient(ct as Images, f as Filter, c.x, options),
          readings.references(c).inputGradient,
        ),
      ),
    },
    {
      name: `${name}FilterGradient`,
      samples: of((c, out, options) =>
        sample(
          c,
          [c.x, out],
          out[0] * out[1] * out[2],
          (x, ct) => readings.filterGradient(x as Images, ct as Images, c.filter, options),
          readings.references(c).filterGradient,
        ),
      ),
    },
  ];
}

/** Convolutions in their three readings, each against its definition as a sum. */
export const convolutionOperations: readonly Operation[] = [
  ...operations("conv2d", fullCases, {
    forward: conv2d,
    inputGradient: conv2dInputGradient,
    filterGradient: conv2dFilterGradient,
    references: ({ x, filter, moves = {} }) => ({
      forward: convolved(moves),
      inputGradient: convolvedBack(x, moves),
      filterGradient: correlated(filter, moves),
    }),
  }),
  ...operations("depthwiseConv2d", depthwiseCases, {
    forward: depthwiseConv2d,
    inputGradient: depthwiseConv2dInputGradient,
    filterGradient: depthwiseConv2dFilterGradient,
    references: ({ x, filter, moves = {} }) => {
      const full = [filter[0], filter[1], filter[2], filter[2] * filter[3]];
      return {
        forward: (X, F) => convolved(moves)(X as Plain, spread(F as Plain)),
        inputGradient: (Y, F) => convolvedBack(x, moves)(Y as Plain, spread(F as Plain)),
        filterGradient: (X, Y) => gathered(filter)(correlated(full, moves)(X as Plain, Y as Plain)),
      };
    },
  }),
];
