import { avgPool2d, avgPool2dGradient, type Images, maxPool2d } from "@lodo/tensor";
import { averaged, type Moves, maximal, shared } from "../reference/images.ts";
import type { Operation, Sample } from "../sample.ts";
import { one } from "./cases.ts";
import { between, type Domain, drawn, drawnApart, either, ordinary, times, tying } from "./domain.ts";

type Four = readonly [number, number, number, number];

interface Case {
  readonly name: string;
  readonly x: Four;
  readonly window: readonly [number, number];
  readonly moves?: Moves;
}

const cases: readonly Case[] = [
  { name: "tiles", x: [1, 4, 2, 2], window: [2, 2], moves: { stride: [2, 2] } },
  { name: "overlapping", x: [1, 3, 4, 1], window: [2, 3], moves: { stride: [1, 1] } },
  { name: "two images", x: [2, 2, 3, 2], window: [2, 1], moves: { stride: [2, 1] } },
  { name: "odd extents", x: [1, 5, 3, 1], window: [2, 2], moves: { stride: [2, 2] } },
  { name: "odd extents, same", x: [1, 5, 3, 1], window: [2, 2], moves: { stride: [2, 2], padding: "same" } },
  { name: "same, two strides", x: [1, 4, 4, 1], window: [2, 3], moves: { stride: [1, 2], padding: "same" } },
  { name: "same, overlapping", x: [1, 3, 3, 2], window: [3, 3], moves: { stride: [1, 1], padding: "same" } },
  {
    name: "padding on some sides, two strides",
    x: [1, 4, 3, 1],
    window: [2, 3],
    moves: {
      stride: [1, 2],
      padding: [
        [1, 0],
        [2, 1],
      ],
    },
  },
  { name: "strides beyond the window", x: [1, 5, 4, 1], window: [2, 1], moves: { stride: [3, 2] } },
  { name: "a window of one", x: [1, 2, 2, 2], window: [1, 1], moves: { stride: [1, 1] } },
  { name: "one number", x: [1, 1, 1, 1], window: [1, 1], moves: { stride: [1, 1] } },
  { name: "one window", x: [1, 3, 2, 2], window: [3, 2], moves: { stride: [3, 2] } },
  { name: "no images", x: [0, 3, 3, 1], window: [2, 2], moves: { stride: [1, 1] } },
];

const tiles = cases[0] as Case;
const huge = either(between(1e100, 2e100, 1e100));
const tiny = either(between(1e-100, 2e-100, 1e-100));

/** Every case, and the first at both magnitudes. */
const samples = (of: (c: Case, domain: Domain) => Sample, domain: Domain, large: Domain, small: Domain): readonly Sample[] => [
  ...cases.map((c) => of(c, domain)),
  { ...of(tiles, large), name: "large magnitude" },
  { ...of(tiles, small), name: "small magnitude" },
];

const options = ({ window, moves = {} }: Case) => ({ window, ...moves });

const average = ({ name, x, ...rest }: Case, domain: Domain): Sample => {
  const [kh, kw] = rest.window;
  const f = { reference: averaged(rest.window, rest.moves ?? {}), roundings: 2 * kh * kw + 2 };
  return one(name, x, domain, { f: (t) => avgPool2d(t as Images, options({ name, x, ...rest })), ...f });
};

/** The shares of one pixel come from as many windows as there are. */
const averageGradient = (c: Case, domain: Domain): Sample => {
  const out = averaged(c.window, c.moves ?? {})({ shape: c.x, data: Array.from({ length: c.x.reduce((p, q) => p * q, 1) }, () => 0) })
    .shape as Four;
  return one(c.name, out, domain, {
    f: (ct) => avgPool2dGradient(ct as Images, c.x, options(c)),
    reference: shared(c.x, c.window, c.moves ?? {}),
    roundings: 2 * out[1] * out[2] + 2,
  });
};

const maximum = (c: Case, domain: Domain, draw = drawnApart): Sample =>
  one(
    c.name,
    c.x,
    domain,
    { f: (x) => maxPool2d(x as Images, options(c)), reference: maximal(c.window, c.moves ?? {}), roundings: 0 },
    draw,
  );

const apart: Domain = { draw: () => 0, h: 1 };

/** Pools over images. */
export const poolOperations: readonly Operation[] = [
  { name: "avgPool2d", samples: samples(average, ordinary, huge, tiny) },
  { name: "avgPool2dGradient", samples: samples(averageGradient, ordinary, huge, tiny) },
  {
    name: "maxPool2d",
    samples: [
      ...samples(maximum, apart, times(1e100, apart), times(1e-100, apart)),
      { ...maximum(tiles, tying, drawn), name: "ties", kink: true },
    ],
  },
];
