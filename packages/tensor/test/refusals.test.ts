import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  add,
  array,
  cast,
  concat,
  createRng,
  gather,
  grad,
  item,
  jacobian,
  matmul,
  mean,
  mul,
  normal,
  ones,
  reshape,
  type Scalar,
  ScopeError,
  ShapeError,
  sigmoid,
  stopGradient,
  sum,
  type Tensor,
  tanh,
  type Vector,
  vector,
  zeros,
} from "../src/index.ts";

/** What the compiler refuses too, said at run time. */
const anything = (value: unknown): never => value as never;

describe("a value being differentiated", () => {
  it.each([
    ["item", (x: Vector) => mul(item(sum(x)), sum(x))],
    ["array", (x: Vector) => sum(vector(array(x)))],
  ])("does not turn into plain numbers through %s unnoticed", (op, f) => {
    expect(() => grad(f)(vector([3]))).toThrow(ScopeError);
    expect(() => grad(f)(vector([3]))).toThrow(`${op}: this value is being differentiated`);
  });

  it("does through stopGradient, at every level", () => {
    const f = (x: Vector): Scalar => mul(item(stopGradient(sum(x))), sum(x));
    expect(array(grad(f)(vector([3])))).toEqual(Float64Array.of(3));
    expect(array(grad((x: Vector) => sum(grad(f)(x)))(vector([3])))).toEqual(Float64Array.of(0));
  });
});

describe("misuse is told what was expected and what was given", () => {
  it.each<readonly [string, () => unknown, string]>([
    [
      "a function that returns a number",
      () => grad(anything(() => 3))(vector([1])),
      "vjp: f must return a tensor, or tensors in arrays and records, got 3",
    ],
    [
      "a function that returns a tree",
      () => grad(anything((x: Vector) => ({ x })))(vector([1])),
      "grad: f must return a scalar tensor, got",
    ],
    [
      "a plain number as x",
      () => grad(anything(sum))(anything(3)),
      "map: expected a tensor, or tensors in arrays and records, at tree, got 3",
    ],
    ["a number inside x", () => grad(anything(() => 0))(anything({ w: vector([1]), lr: 0.5 })), "at tree.lr, got 0.5"],
    ["an operand that is missing", () => add(vector([1]), anything(undefined)), "add: expected tensors or numbers, got undefined"],
    ["a scalar's Jacobian", () => jacobian(anything(sum))(vector([1])), "jacobian: f must take a vector to a vector, got [1] to []"],
    ["the Jacobian at a matrix", () => jacobian(anything((x: Tensor) => x))(anything(ones([2, 2]))), "got [2,2] to [2,2]"],
    ["text among numbers", () => vector(anything(["a"])), "tensor: every element must be a number, got a at position 0"],
    ["a hole among numbers", () => vector(anything([1, undefined])), "got undefined at position 1"],
    ["rows in a vector", () => vector(anything([[1, 2]])), "got 1,2 at position 0"],
    ["a length in place of numbers", () => vector(anything(5)), "vector: expected a list of numbers, got 5"],
    ["indices in a plain array", () => gather(vector([1, 2]), anything([0.5])), "gather: indices must be an Int32Array, got Array"],
    ["a label that is no label", () => createRng(1).split(Number.NaN), "split: label must be a string or an integer, got NaN"],
  ])("%s", (_, misuse, words) => {
    expect(misuse).toThrow(words);
    expect(misuse).toThrow(expect.toSatisfy((error: unknown) => error instanceof ArgumentError || error instanceof ShapeError));
  });

  it("more numbers than there is room for", () => {
    expect(() => zeros([2 ** 40])).toThrow(ShapeError);
    expect(() => zeros([2 ** 40])).toThrow("no room for 1099511627776 numbers of float64, which are 8796093022208 bytes");
  });
});

describe("what rounding must not take away", () => {
  it("the mean of equal numbers is that number", () => {
    for (let n = 1; n < 200; n++) expect(item(mean(ones([n])))).toBe(1);
  });

  // σ′ = σ(x) σ(−x) and tanh′ = 4 σ(2x) σ(−2x); e⁻ˣ and 4 e⁻²ˣ to first order, off by a part of e⁻³⁰.
  it("slopes in the tails", () => {
    for (const x of [-40, -30, 30, 36, 40]) {
      const slope = item(grad((z: Vector) => sum(sigmoid(z)))(vector([x])));
      const steep = item(grad((z: Vector) => sum(tanh(z)))(vector([x / 2])));
      expect(slope / item(sigmoid(vector([-Math.abs(x)])))).toBeCloseTo(1, 12);
      expect(steep / 4 / item(sigmoid(vector([-Math.abs(x)])))).toBeCloseTo(1, 12);
    }
  });

  it("a product with a matrix rounds as its products with the columns", () => {
    const rng = createRng(1);
    const A = cast(normal(rng, [3, 1000]), "float32");
    const x = cast(normal(rng, [1000]), "float32");
    const column = reshape(x, [1000, 1]);
    const both = matmul(A, concat([column, column], { axis: 1 })) as Tensor;
    const [a, b] = [array(matmul(A, x) as Tensor), array(both)];
    for (let i = 0; i < 3; i++) expect([b[2 * i], b[2 * i + 1]]).toEqual([a[i], a[i]]);
  });
});
