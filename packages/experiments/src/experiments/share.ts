/** One of `of` shares of the jobs of some work, for as many machines; `part` counts from 1. */
export interface Share {
  readonly part: number;
  readonly of: number;
}

/**
 * The items of a share. They are dealt out forth and back, 1, 2, 3, 3, 2, 1, 1, …, so that what comes in turns, as optimizers do from seed to seed, does
 * not all fall to one.
 */
export const inShare = <T>(items: readonly T[], { part, of }: Share): readonly T[] =>
  items.filter((_, i) => {
    const place = i % of;
    return (Math.floor(i / of) % 2 === 0 ? place : of - 1 - place) === part - 1;
  });

export const describeShare = ({ part, of }: Share): string => `${part}/${of}`;
