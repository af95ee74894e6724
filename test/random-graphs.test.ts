import { createRng } from "@lodo/tensor";
import { casesFactor, expressions, graphLaw, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { expect, it } from "vitest";

const numRuns = 1500 * casesFactor(process.env);

it(`${numRuns} random ${graphLaw.name}`, () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      expect(graphLaw.check(expression, createRng(1))).toBe(6);
    }),
    { numRuns, seed: suiteSeed(process.env) },
  );
});
