import { conformsToPreconditioner, findCounterexample, preconditionerCases, preconditionerLaws, suiteSeed } from "@lodo/testkit";
import { describe, expect, it } from "vitest";
import { treeOfDiagonals, wrongArchitectures } from "./wrongArchitectures.ts";

const search = { cases: 20, seed: suiteSeed(process.env) };
const lawsNamed = (words: string) => preconditionerLaws.filter(({ name }) => name.includes(words));

conformsToPreconditioner({ describe, it }, treeOfDiagonals, search);

describe("the laws of preconditioners notice an architecture that", () => {
  for (const { architecture, noticedBy } of wrongArchitectures) {
    it.each(noticedBy)(`${architecture.id}: %s`, (words) => {
      const [law, ...others] = lawsNamed(words);
      if (!law || others.length > 0) throw new Error(`"${words}" names ${1 + others.length} laws`);
      const { counterexample } = findCounterexample(law, preconditionerCases(architecture), search);
      expect(counterexample?.message).toMatch(/expected|needs/);
      expect(counterexample?.path).not.toBe("");
    });
  }

  it("each law is needed: every one of them is the one to notice something", () => {
    const needed = new Set(wrongArchitectures.flatMap(({ noticedBy }) => noticedBy.flatMap(lawsNamed)));
    expect(preconditionerLaws.filter((law) => !needed.has(law)).map(({ name }) => name)).toEqual([]);
  });
});

it("a counterexample is replayed by its seed and path", () => {
  const source = preconditionerCases(wrongArchitectures[2]?.architecture ?? treeOfDiagonals);
  const [law] = lawsNamed("tags");
  if (!law) throw new Error("no law about tags");
  const { counterexample } = findCounterexample(law, source, search);
  const { seed, path } = counterexample ?? { seed: 0, path: "" };
  expect(findCounterexample(law, source, { ...search, seed, path }).counterexample?.data).toEqual(counterexample?.data);
});
