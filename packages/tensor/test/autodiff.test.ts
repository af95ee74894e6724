import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  array,
  checkpoint,
  cos,
  dot,
  exp,
  grad,
  hessian,
  hvp,
  item,
  jacobian,
  jvp,
  type Matrix,
  matmul,
  mul,
  ones,
  pow,
  type Scalar,
  ScopeError,
  ShapeError,
  scalar,
  scale,
  sin,
  slice,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  type Vector,
  valueAndGrad,
  vector,
  vjp,
  zeros,
} from "../src/index.ts";

/** f(x) = x³, whose derivatives of every order are known. */
const cube = (x: Scalar): Scalar => mul(x, mul(x, x));
const cubes = (x: Vector): Scalar => sum(mul(x, mul(x, x)));

/** Dyadic numbers: sums and products of a few of them are exact. */
const dyadic = fc.integer({ min: -64, max: 64 }).map((n) => n / 16);
const dyadics = (n: number): fc.Arbitrary<number[]> => fc.array(dyadic, { minLength: n, maxLength: n });

describe("derivatives of one level", () => {
  it("grad, valueAndGrad", () => {
    expect(array(grad(cubes)(vector([1, 2, -3])))).toEqual(Float64Array.of(3, 12, 27));
    const [value, g] = valueAndGrad(cube)(scalar(2));
    expect([item(value), item(g)]).toEqual([8, 12]);
  });

  it("vjp of a tree of inputs and a tree of outputs", () => {
    const [y, pullback] = vjp(({ a, b }: { a: Vector; b: readonly [Scalar] }) => ({ product: mul(a, b[0]), total: sum(a) }), {
      a: vector([1, 2]),
      b: [scalar(3)] as const,
    });
    expect([...array(y.product), item(y.total)]).toEqual([3, 6, 3]);
    const { a, b } = pullback({ product: vector([10, 20]), total: scalar(5) });
    expect([...array(a), item(b[0])]).toEqual([35, 65, 50]);
  });

  it("a pullback may be called again and again", () => {
    const [, pullback] = vjp(cube, scalar(2));
    expect([1, 2, 1].map((ct) => item(pullback(scalar(ct))))).toEqual([12, 24, 12]);
  });

  it("an input that f ignores, and an output that is the input", () => {
    const { x, y } = grad(({ x }: { x: Vector; y: Vector }) => sum(x))({ x: vector([1, 2]), y: vector([3]) });
    expect([array(x), array(y)]).toEqual([Float64Array.of(1, 1), Float64Array.of(0)]);
    const [same, pullback] = vjp((z: Vector) => z, vector([1, 2]));
    expect([array(same), array(pullback(vector([3, 4])))]).toEqual([Float64Array.of(1, 2), Float64Array.of(3, 4)]);
    expect(item(grad((_: Scalar) => scalar(1))(scalar(5)))).toBe(0);
  });

  it("the same tensor in two places has two derivatives", () => {
    const x = scalar(3);
    const [a, b] = grad(([p, q]: readonly [Scalar, Scalar]) => mul(p, add(q, 1)))([x, x]);
    expect([item(a), item(b)]).toEqual([4, 3]);
  });

  it("jvp: f(x) and J v", () => {
    const [y, Jv] = jvp((x: Vector) => mul(x, x), vector([1, 2]), vector([3, -1]));
    expect([array(y), array(Jv)]).toEqual([Float64Array.of(1, 4), Float64Array.of(6, -4)]);
    const [, constant] = jvp((_: Vector) => vector([7]), vector([1, 2]), vector([3, -1]));
    expect(array(constant)).toEqual(Float64Array.of(0));
  });

  it("jacobian: a row for each output", () => {
    const J = jacobian((x: Vector) => matmul(tensor([1, 2, 3, 4, 5, 6], [3, 2]), x))(vector([1, 1]));
    expect([J.shape, array(J)]).toEqual([[3, 2], Float64Array.of(1, 2, 3, 4, 5, 6)]);
  });

  it("hessian, and hvp as its product with a vector", () => {
    const f = (x: Vector): Scalar => dot(x, mul(x, add(x, 1)));
    const x = vector([1, -2, 3]);
    expect(array(add(hessian(f)(x), 0))).toEqual(Float64Array.of(8, 0, 0, 0, -10, 0, 0, 0, 20));
    expect(array(hvp(f, x, vector([1, 10, 100])))).toEqual(Float64Array.of(8, -100, 2000));
  });

  it("float32 stays float32", () => {
    const g = grad(cubes)(vector([1.5], { dtype: "float32" }));
    expect([g.dtype, item(g)]).toEqual(["float32", 6.75]);
  });
});

describe("levels", () => {
  it("any order: the derivatives of x³", () => {
    const x = scalar(2);
    const [d1, d2, d3, d4] = [grad(cube), grad(grad(cube)), grad(grad(grad(cube))), grad(grad(grad(grad(cube))))];
    expect([d1, d2, d3, d4].map((d) => item(d(x)))).toEqual([12, 12, 6, 0]);
  });

  it("third order of sin(x) y² in every mixture", () => {
    const f = ({ x, y }: { x: Scalar; y: Scalar }): Scalar => mul(sin(x), mul(y, y));
    const dx =
      (g: typeof f): typeof f =>
      (p) =>
        grad((x: Scalar) => g({ ...p, x }))(p.x);
    const dy =
      (g: typeof f): typeof f =>
      (p) =>
        grad((y: Scalar) => g({ ...p, y }))(p.y);
    const p = { x: scalar(0.5), y: scalar(3) };
    const [s, c] = [item(sin(p.x)), item(cos(p.x))];
    for (const d of [dx(dy(dy(f))), dy(dx(dy(f))), dy(dy(dx(f)))]) expect(item(d(p))).toBeCloseTo(2 * c, 14);
    for (const d of [dx(dx(dy(f))), dx(dy(dx(f))), dy(dx(dx(f)))]) expect(item(d(p))).toBeCloseTo(-6 * s, 14);
  });

  it("no perturbation confusion: d/dx x · (d/dy (x + y)) = 1", () => {
    const inner = (x: Scalar): Scalar => grad((y: Scalar) => add(x, y))(scalar(1));
    expect(item(grad((x: Scalar) => mul(x, inner(x)))(scalar(5)))).toBe(1);
  });

  it("no perturbation confusion across a pullback that outlives its level", () => {
    // g(x) = x · y̅(x) with y̅ = ∂(x y²)/∂y at y = x, that is 2x²: g = 2x³, g′ = 6x².
    const g = (x: Scalar): Scalar => {
      const [, pullback] = vjp((y: Scalar) => mul(x, mul(y, y)), x);
      return mul(x, pullback(scalar(1)));
    };
    expect(item(grad(g)(scalar(3)))).toBe(54);
  });

  it("forward over reverse is reverse over reverse", () => {
    fc.assert(
      fc.property(dyadics(3), dyadics(3), (x, v) => {
        expect(array(jvp(grad(cubes), vector(x), vector(v))[1])).toEqual(array(hvp(cubes, vector(x), vector(v))));
      }),
      { seed: 1 },
    );
  });

  it("the derivative of a derivative's argument, closed over or handed over", () => {
    const f = (a: Scalar): Scalar => grad((x: Scalar) => mul(a, mul(a, mul(x, x))))(scalar(3));
    expect(item(grad(f)(scalar(2)))).toBe(24);
  });

  it("stopGradient is constant at every level and identity in value", () => {
    const f = (x: Scalar): Scalar => mul(stopGradient(mul(x, x)), x);
    expect([item(f(scalar(3))), item(grad(f)(scalar(3))), item(grad(grad(f))(scalar(3)))]).toEqual([27, 9, 0]);
  });
});

describe("checkpoint", () => {
  const layer = ({ W, x }: { W: Matrix; x: Vector }): Vector => tanh(matmul(W, mul(x, exp(x))));
  const W = tensor([0.5, -0.25, 0.125, 1], [2, 2]);
  const x = vector([0.5, -1]);

  it("equals what it checkpoints at both orders, bit for bit", () => {
    const plain = (p: { W: Matrix; x: Vector }): Scalar => sum(layer({ W: p.W, x: layer(p) }));
    const inside = (p: { W: Matrix; x: Vector }): Scalar => sum(checkpoint(layer)({ W: p.W, x: checkpoint(layer)(p) }));
    const around = checkpoint(plain);
    for (const f of [inside, around]) {
      expect(array(f({ W, x }))).toEqual(array(plain({ W, x })));
      expect(array(grad(f)({ W, x }).W)).toEqual(array(grad(plain)({ W, x }).W));
      const curvature = (h: typeof f): Tensor => hvp((z: Vector) => h({ W, x: z }), x, vector([1, 2]));
      const [expected, got] = [array(curvature(plain)), array(curvature(f))];
      // Two orders of summation of at most 16 terms of order 1.
      got.forEach((g, i) => {
        expect(Math.abs(g - (expected[i] as number))).toBeLessThanOrEqual(64 * 2 ** -52);
      });
    }
  });

  it("computes again when pulled back, and not before", () => {
    let runs = 0;
    const counted = checkpoint((z: Scalar) => {
      runs++;
      return mul(z, z);
    });
    const [, pullback] = vjp(counted, scalar(3));
    expect(runs).toBe(1);
    expect(item(pullback(scalar(1)))).toBe(6);
    expect(runs).toBe(2);
  });

  it("refuses to close over a tensor being differentiated", () => {
    const f = (c: Scalar): Scalar => checkpoint((z: Scalar) => mul(z, c))(c);
    expect(() => grad(f)(scalar(2))).toThrow("checkpoint: f must not close over a tensor being differentiated");
  });

  it("refuses to close over a tensor of an inner level", () => {
    const f = (a: Scalar): Scalar => grad((c: Scalar) => checkpoint((z: Scalar) => mul(z, c))(a))(scalar(2));
    expect(() => grad(f)(scalar(3))).toThrow("checkpoint: f must not close over a tensor being differentiated");
  });

  it("may close over a tensor of an outer level", () => {
    const f = (c: Scalar): Scalar => grad((z: Scalar) => checkpoint((y: Scalar) => mul(c, mul(y, y)))(z))(scalar(3));
    expect([item(f(scalar(2))), item(grad(f)(scalar(2)))]).toEqual([12, 6]);
  });
});

describe("wrong use", () => {
  it("grad of what is no scalar", () => {
    const f = ((x: Vector) => x) as unknown as (x: Vector) => Scalar;
    expect(() => grad(f)(vector([1, 2]))).toThrow(new ShapeError("grad", "f must return a scalar, got shape [2]"));
  });

  it("a cotangent of another shape or dtype", () => {
    const [, pullback] = vjp((x: Vector) => scale(2, x), vector([1, 2]));
    expect(() => pullback(vector([1]))).toThrow("vjp: expected a cotangent of float64 [2] as f(x) is, got float64 [1]");
    expect(() => pullback(ones([2], { dtype: "float32" }))).toThrow("expected a cotangent of float64 [2] as f(x) is, got float32 [2]");
  });

  it("a tensor that escapes from the function being differentiated", () => {
    let escaped: Scalar = scalar(0);
    grad((x: Scalar) => {
      escaped = mul(x, x);
      return escaped;
    })(scalar(2));
    expect(() => add(escaped, 1)).toThrow(ScopeError);
    expect(() => add(escaped, 1)).toThrow("add: got a tensor that escaped from the function being differentiated");
  });

  it("the jacobian of what returns nothing", () => {
    expect(() => jacobian((x: Vector) => slice(x, { stop: [0] }))(vector([1]))).toThrow("jacobian: f must return at least one number");
  });

  it("an error inside f leaves no level behind", () => {
    expect(() => grad((x: Scalar) => sub(x, zeros([2])) as unknown as Scalar)(scalar(1))).toThrow(ShapeError);
    expect(item(grad((x: Scalar) => pow(x, 2))(scalar(3)))).toBe(6);
  });
});
