import { primitives } from "@lodo/tensor";
import { mutantsOf, noticedBy, operations, samplesUsing, thunksOf } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

describe.runIf(process.env["LODO_FULL"])("the laws notice every mistake in", () => {
  for (const primitive of primitives.keys()) {
    it(primitive, () => {
      const using = samplesUsing(primitive, operations);
      const mutants = mutantsOf(primitive, thunksOf(primitive, using));
      const survivors = mutants.filter((mutant) => noticedBy(mutant, using) === null).map(({ mistake }) => mistake);
      expect(survivors).toEqual([]);
      expect(mutants.length).toBeGreaterThanOrEqual(2);
    });
  }
});
