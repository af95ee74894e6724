import { ArgumentError, BackendError, matmul, ShapeError, zeros } from "@lodo/tensor";
import { expect, it } from "vitest";

it("what runs here is minified", () => {
  expect(`${matmul}`).not.toContain("\n");
  expect(ShapeError.toString().length).toBeLessThan(120);
});

it("errors have their names all the same", () => {
  expect([ArgumentError, BackendError, ShapeError].map((kind) => new kind("op", "why").name)).toEqual([
    "ArgumentError",
    "BackendError",
    "ShapeError",
  ]);
  expect(() => matmul(zeros([2, 3]), zeros([2, 3]))).toThrow(ShapeError);
});

it("nothing of Node is there", () => {
  expect(Object.keys(globalThis)).toEqual(expect.not.arrayContaining(["Buffer", "process", "require"]));
});
