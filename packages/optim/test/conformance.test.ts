import { descend, sgd } from "@lodo/optim";
import { conformsToTask, findCounterexample, optimizerCases, optimizerLaws, rateLaw, suiteSeed, taskCases, taskLaws } from "@lodo/testkit";
import { describe, expect, it } from "vitest";
import { wrongOptimizers } from "./wrongOptimizers.ts";
import { rightTask, wrongTasks } from "./wrongTasks.ts";

const search = { cases: 10, seed: suiteSeed(process.env) };
const lawsNamed = (words: string) => optimizerLaws.filter(({ name }) => name.includes(words));

describe("the laws of optimizers notice one that", () => {
  for (const { registered, noticedBy } of wrongOptimizers) {
    it.each(noticedBy)(`${registered.id}: %s`, (words) => {
      const [law, ...others] = lawsNamed(words);
      if (!law || others.length > 0) throw new Error(`"${words}" names ${(law ? 1 : 0) + others.length} laws`);
      expect(findCounterexample(law, optimizerCases(registered), search).counterexample).toBeDefined();
    });
  }

  it("each law is needed: every one of them is the one to notice something", () => {
    const needed = new Set(wrongOptimizers.flatMap(({ noticedBy }) => noticedBy.flatMap(lawsNamed)));
    expect(optimizerLaws.filter((law) => !needed.has(law)).map(({ name }) => name)).toEqual([]);
  });
});

it("a rate that is declared too fast is noticed", () => {
  const law = rateLaw({ values: {}, factor: ({ least }) => 1 - 0.2 * least });
  const slow = {
    id: "slow",
    summary: "",
    reference: "",
    hyperparameters: {},
    tunable: [],
    create: () => descend(sgd({ learningRate: 0.1 })),
  };
  expect(findCounterexample(law, optimizerCases(slow), search).counterexample?.message).toMatch(/expected ‖x − x\*‖/);
  const honest = rateLaw({ values: {}, factor: ({ least }) => 1 - 0.1 * least });
  expect(findCounterexample(honest, optimizerCases(slow), search).counterexample).toBeUndefined();
});

conformsToTask({ describe, it }, rightTask, search);

describe("the laws of tasks notice one that", () => {
  const lawsNamed = (words: string) => taskLaws.filter(({ name }) => name.includes(words));
  for (const { source, noticedBy } of wrongTasks) {
    it.each(noticedBy)(`${source.id}: %s`, (words) => {
      const [law, ...others] = lawsNamed(words);
      if (!law || others.length > 0) throw new Error(`"${words}" names ${(law ? 1 : 0) + others.length} laws`);
      expect(findCounterexample(law, taskCases(source), search).counterexample).toBeDefined();
    });
  }

  it("each law is needed: every one of them is the one to notice something", () => {
    const needed = new Set(wrongTasks.flatMap(({ noticedBy }) => noticedBy.flatMap(lawsNamed)));
    expect(taskLaws.filter((law) => !needed.has(law)).map(({ name }) => name)).toEqual([]);
  });
});
