import { describe, expect, it } from "vitest";
import {
  add,
  array,
  atan,
  createRng,
  grad,
  hvp,
  jvp,
  kernels,
  type Matrix,
  matmul,
  mul,
  normal,
  ofVector,
  ravel,
  type Scalar,
  sum,
  type Tensor,
  useBackend,
  type Vector,
  valueAndGrad,
  vector,
} from "../src/index.ts";

const rng = createRng(3);
const start = { W: normal(rng, [3, 2]), b: normal(rng, [2]), unused: normal(rng, [4]) };
const { x, unravel } = ravel(start);
const input = normal(rng, [5, 3]);
const loss = ({ W, b }: typeof start): Scalar => sum(mul(atan(add(matmul(input, W as Matrix), b)), 0.5));
const plain = (x: Vector): Scalar => loss(unravel(x));
const lifted = ofVector(loss, unravel);

/** The same numbers in the same sums: a few of them, in another order, each of order one. */
const same = (a: Tensor, b: Tensor): void => {
  const [p, q] = [array(a), array(b)];
  expect(p.length).toBe(q.length);
  for (let i = 0; i < p.length; i++) expect(Math.abs((p[i] as number) - (q[i] as number))).toBeLessThan(64 * 2 ** -52);
};

describe("a function of a tree, as one of its flat vector", () => {
  it("has the same value and derivatives of every order", () => {
    const v = normal(createRng(4), [x.size]) as Vector;
    same(plain(x), lifted(x));
    for (const [i, part] of valueAndGrad(plain)(x).entries()) same(part, valueAndGrad(lifted)(x)[i] as Tensor);
    same(hvp(plain, x, v), hvp(lifted, x, v));
    same(jvp(plain, x, v)[1], jvp(lifted, x, v)[1]);
    const third = (f: (x: Vector) => Scalar) => grad((x: Vector) => sum(mul(hvp(f, x, v), v)))(x);
    same(third(plain), third(lifted));
  });

  it("is one operation among others", () => {
    const around = (f: (x: Vector) => Scalar) => grad((x: Vector) => mul(f(mul(x, 2)), sum(x)) as Scalar)(x);
    same(around(plain), around(lifted));
  });

  it("makes no vector as long as x for each tensor of the tree", () => {
    let embedded = 0;
    const embed = kernels.get("embed") as unknown as { readonly reference: (...args: unknown[]) => unknown };
    const counted = (...args: unknown[]): unknown => {
      embedded++;
      return embed.reference(...args);
    };
    const counting = { name: "counting", kernels: new Map([["embed", counted]]) };
    const before = useBackend(counting as never);
    try {
      grad(lifted)(x);
      expect(embedded).toBe(0);
      grad(plain)(x);
      expect(embedded).toBe(2);
    } finally {
      useBackend(before);
    }
  });

  it("refuses a function that closes over what is being differentiated", () => {
    const closing = grad((y: Vector) => ofVector(({ b }: typeof start) => sum(mul(sum(y), b)), unravel)(add(x, sum(y)) as Vector));
    expect(() => closing(vector([1, 2]))).toThrow(
      "ofVector: f must not close over a tensor being differentiated; make it part of the tree",
    );
  });
});
