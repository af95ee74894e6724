import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inShare } from "../src/experiments/share.ts";

describe("the shares of some work", () => {
  const drawn = fc.record({ count: fc.nat(60), of: fc.integer({ min: 1, max: 12 }) });
  const sharesOf = ({ count, of }: { readonly count: number; readonly of: number }): readonly (readonly number[])[] => {
    const items = Array.from({ length: count }, (_, i) => i);
    return Array.from({ length: of }, (_, i) => inShare(items, { part: i + 1, of }));
  };

  it("have every item in one of them, in its order, and are as large as each other to one", () => {
    fc.assert(
      fc.property(drawn, ({ count, of }) => {
        const shares = sharesOf({ count, of });
        expect(shares.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        for (const share of shares) {
          expect([...share].sort((a, b) => a - b)).toEqual(share);
          expect(Math.abs(share.length - count / of)).toBeLessThan(1);
        }
      }),
    );
  });

  it("mix what comes in turns: as many shares as optimizers, and none has one optimizer alone", () => {
    for (const of of [2, 3, 6, 11])
      for (const share of sharesOf({ count: 4 * of, of }))
        expect(new Set(share.map((i) => i % of)).size).toBe(of % 2 === 1 && share.includes((of - 1) / 2) ? 1 : 2);
  });
});
