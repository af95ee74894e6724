import { casesFactor, suiteSeed, summedOverLetters, toPlain } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { array, einsum, type Tensor, tensor, zeros } from "../src/index.ts";

const LETTERS = ["a", "b", "c", "d"] as const;

/** A formula of one to three operands over the letters a to d, the extents of the letters, and an order of output letters. */
const formulas = fc
  .record({
    operands: fc.array(fc.array(fc.constantFrom(...LETTERS), { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    extents: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
    priority: fc.shuffledSubarray([...LETTERS]),
  })
  .map(({ operands, extents, priority }) => ({
    formula: `${operands.map((labels) => labels.join("")).join(",")}->${priority.filter((l) => operands.flat().includes(l)).join("")}`,
    shapes: operands.map((labels) => labels.map((l) => extents[LETTERS.indexOf(l)] as number)),
  }));

/** Small integers: every sum is exact, whatever its order. */
function integers(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float64Array.from({ length: size }, (_, i) => ((i * 7 + seed * 5 + 3) % 11) - 5),
    shape,
  );
}

describe("einsum", () => {
  it("is the sum over all letters that are missing on the right, for any formula", () => {
    fc.assert(
      fc.property(formulas, ({ formula, shapes }) => {
        const operands = shapes.map((shape, i) => integers(shape, i));
        const expected = summedOverLetters(formula)(...operands.map(toPlain));
        const got = einsum(formula, ...operands);
        expect(got.shape).toEqual(expected.shape);
        expect([...array(got)].map((x) => x + 0)).toEqual(expected.data.map((x) => x + 0));
      }),
      { numRuns: 1000 * casesFactor(process.env), seed: suiteSeed(process.env) },
    );
  });

  it("ignores spaces", () => {
    expect(array(einsum("i j, j -> i", integers([2, 2], 0), integers([2], 1)))).toEqual(
      array(einsum("ij,j->i", integers([2, 2], 0), integers([2], 1))),
    );
  });

  it.for<[string, readonly (readonly number[])[], string]>([
    ["ij", [[2, 2]], 'formula must look like "ij,jk->ik", got "ij"'],
    ["i1->i", [[2, 2]], 'formula must look like "ij,jk->ik", got "i1->i"'],
    ["ij,jk->ik", [[2, 2]], '"ij,jk->ik" names 2 operands, got 1'],
    ["ij->ii", [[2, 2]], 'a letter repeats on the right of "ij->ii"'],
    ["ij->ik", [[2, 2]], '"k" stands only on the right of "ij->ik"'],
    ["ij->i", [[2]], 'operand 0 of "ij->i" must have rank 2, got [2]'],
    [
      "ij,jk->ik",
      [
        [2, 3],
        [2, 2],
      ],
      '"j" in "ij,jk->ik" is 3 in one place and 2 in operand 1',
    ],
    ["ii->i", [[2, 3]], '"i" in "ii->i" is 2 in one place and 3 in operand 0'],
  ])("refuses %s", ([formula, shapes, message]) => {
    expect(() => einsum(formula, ...shapes.map((shape) => zeros(shape)))).toThrow(`einsum: ${message}`);
  });
});
