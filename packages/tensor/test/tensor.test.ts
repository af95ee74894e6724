import { describe, expect, it } from "vitest";
import {
  add,
  array,
  basis,
  eye,
  full,
  item,
  matrix,
  ones,
  onesLike,
  read,
  scalar,
  sum,
  tensor,
  transpose,
  vector,
  zeros,
  zerosLike,
} from "../src/index.ts";

describe("constructors", () => {
  it("hold their numbers in row-major order", () => {
    expect([item(scalar(3)), scalar(3).shape]).toEqual([3, []]);
    expect([array(vector([1, 2])), vector([1, 2]).shape]).toEqual([Float64Array.of(1, 2), [2]]);
    const M = matrix([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([array(M), M.shape, array(transpose(M))]).toEqual([
      Float64Array.of(1, 2, 3, 4, 5, 6),
      [2, 3],
      Float64Array.of(1, 4, 2, 5, 3, 6),
    ]);
    expect(array(tensor([1, 2, 3, 4], [2, 1, 2]))).toEqual(Float64Array.of(1, 2, 3, 4));
    expect([array(zeros([2])), array(ones([2])), array(full([2], 7))]).toEqual([
      Float64Array.of(0, 0),
      Float64Array.of(1, 1),
      Float64Array.of(7, 7),
    ]);
    expect([array(eye(2)), array(basis(3, 1))]).toEqual([Float64Array.of(1, 0, 0, 1), Float64Array.of(0, 1, 0)]);
    expect([zerosLike(M).shape, array(onesLike(vector([5])))]).toEqual([[2, 3], Float64Array.of(1)]);
  });

  it("copy what they are given and what they give", () => {
    const data = [1, 2];
    const x = vector(data);
    data[0] = 9;
    array(x)[1] = 9;
    expect(array(x)).toEqual(Float64Array.of(1, 2));
  });

  it("float32 rounds, and stays itself", async () => {
    const x = vector([0.1], { dtype: "float32" });
    expect([x.dtype, item(x), await read(add(x, 0))]).toEqual(["float32", 0.10000000149011612, Float32Array.of(0.1)]);
    expect([zerosLike(x).dtype, eye(1, { dtype: "float32" }).dtype, String(x)]).toEqual(["float32", "float32", "Tensor(float32, [1])"]);
  });

  it("no elements", () => {
    expect([matrix([]).shape, array(zeros([2, 0])).length, zeros([0]).size, item(sum(zeros([0, 3])))]).toEqual([[0, 0], 0, 0, 0]);
  });
});
