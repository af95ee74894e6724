import { expect, inject, it } from "vitest";
import { digests } from "./digests.ts";

const expected = inject("digests");
const found = await digests();

it("there are digests of draws, and of runs on two backends in two precisions", () => {
  expect(Object.keys(found)).toHaveLength(5);
  // Two backends may agree to the last bit, two precisions cannot.
  expect(new Set(Object.values(found)).size).toBeGreaterThanOrEqual(3);
});

it.each(Object.keys(expected))("%s: the same bits as in Node", (name) => {
  expect(found[name]).toBe(expected[name]);
});
