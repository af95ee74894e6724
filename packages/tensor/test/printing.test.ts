import { inspect } from "node:util";
import { expect, it } from "vitest";
import { createArena, full, matrix, scalar, type Tensor, tensorsIn, transpose, vector } from "../src/index.ts";

it("a tensor prints its dtype, shape and first numbers", () => {
  expect(inspect(scalar(2))).toBe("Tensor(float64, []) 2");
  expect(
    inspect(
      transpose(
        matrix([
          [1, 2],
          [3, 4],
        ]),
      ),
    ),
  ).toBe("Tensor(float64, [2,2]) 1 3 2 4");
  expect(inspect(full([20], 1, { dtype: "float32" }))).toBe(`Tensor(float32, [20]) ${"1 ".repeat(12)}…`);
});

it("a tensor whose arena has ended says so when printed", () => {
  const seen: Tensor[] = [];
  createArena().run(() => void seen.push(vector([1])), tensorsIn);
  expect(inspect(seen[0])).toBe("Tensor(float64, [1]) of an arena that has ended");
});
