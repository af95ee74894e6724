/** One of `of` shards of the jobs of some work, for as many machines; `part` counts from 1. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/**
 * The items of a shard. They are dealt out forth and back, 1, 2, 3, 3, 2, 1, 1, …, so that what comes in turns, as optimizers do from seed to seed, does
 * not all fall to one.
 */
export const inShard = <T>(items: readonly T[], { part, of }: Shard): readonly T[] =>
  items.filter((_, i) => {
    const place = i % of;
    return (Math.floor(i / of) % 2 === 0 ? place : of - 1 - place) === part - 1;
  });

export const describeShard = ({ part, of }: Shard): string => `${part}/${of}`;
