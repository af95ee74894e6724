import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inShard } from "../src/experiments/shard.ts";

describe("the shards of some work", () => {
  const drawn = fc.record({ count: fc.nat(60), of: fc.integer({ min: 1, max: 12 }) });
  const shardsOf = ({ count, of }: { readonly count: number; readonly of: number }): readonly (readonly number[])[] => {
    const items = Array.from({ length: count }, (_, i) => i);
    return Array.from({ length: of }, (_, i) => inShard(items, { part: i + 1, of }));
  };

  it("have every item in one of them, in its order, and are as large as each other to one", () => {
    fc.assert(
      fc.property(drawn, ({ count, of }) => {
        const shards = shardsOf({ count, of });
        expect(shards.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        for (const shard of shards) {
          expect([...shard].sort((a, b) => a - b)).toEqual(shard);
          expect(Math.abs(shard.length - count / of)).toBeLessThan(1);
        }
      }),
    );
  });

  it("mix what comes in turns: as many shards as optimizers, and only the middle one can have one alone", () => {
    for (const of of [2, 3, 6, 11])
      for (const shard of shardsOf({ count: 4 * of, of }))
        expect(new Set(shard.map((i) => i % of)).size).toBe(of % 2 === 1 && shard.includes((of - 1) / 2) ? 1 : 2);
  });
});
