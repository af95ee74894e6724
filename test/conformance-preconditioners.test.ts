import { architectures } from "@lodo/preconditioner";
import { casesFactor, conformsToPreconditioner, preconditionerLaws, suiteSeed } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

const search = { cases: 12 * casesFactor(process.env), seed: suiteSeed(process.env) };

const tallies = architectures.map((architecture) => conformsToPreconditioner({ describe, it }, architecture, search));

it("every law finds something to compare", ({ skip }) => {
  skip(
    tallies.some((tally) => tally.size < preconditionerLaws.length),
    "some laws were filtered out",
  );
  expect(preconditionerLaws.filter(({ name }) => tallies.every((tally) => !tally.get(name)))).toEqual([]);
});
