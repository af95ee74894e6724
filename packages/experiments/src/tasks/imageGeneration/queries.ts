import type { Rng } from "@lodo/tensor";
import type { GreyImages, Query } from "./channels.ts";

/** Images from … to − 1. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** How many pixels there are to ask for. */
export const countQueries = ({ height, width }: GreyImages, { from, to }: Range): number => (to - from) * height * width;

/** Every pixel, image by image. */
export function* everyQuery({ height, width }: GreyImages, { from, to }: Range): Generator<Query> {
  for (let image = from; image < to; image++) for (let pixel = 0; pixel < height * width; pixel++) yield { image, pixel };
}

/** `count` queries, independently and uniformly, with replacement. */
export function* drawQueries(rng: Rng, { height, width }: GreyImages, { from, to }: Range, count: number): Generator<Query> {
  for (let i = 0; i < count; i++) yield { image: from + rng.integer(to - from), pixel: rng.integer(height * width) };
}
