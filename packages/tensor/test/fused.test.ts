import { callsDuring, checkLaw, type Operation, primitiveLaws } from "@lodo/testkit";
import { describe, expect, it } from "vitest";
import {
  add,
  array,
  debugNaNs,
  fused,
  fusedDefinitions,
  grad,
  hessian,
  mul,
  type Strided,
  sin,
  sum,
  type Tensor,
  vector,
} from "../src/index.ts";
import { emptyStorage } from "../src/storage.ts";

/** z = x ⊙ x ⊙ y, in one loop. */
const squareTimes = fused<{ readonly wrong?: number }>({
  name: "test/squareTimes",
  definition: (_, x, y) => mul(mul(x as Tensor, x as Tensor), y as Tensor),
  forward: (_, x, y) => ({ out: loop(x as Strided, y as Strided, (a, b) => a * a * b) }),
  backward: ({ wrong = 1 }, ct, [x, y]) => [
    loop3(ct, x as Strided, y as Strided, (c, a, b) => wrong * 2 * c * a * b),
    loop3(ct, x as Strided, y as Strided, (c, a) => c * a * a),
  ],
});

function loop(x: Strided, y: Strided, f: (a: number, b: number) => number): Strided {
  const out = emptyStorage(x.shape, x.dtype);
  for (let i = 0; i < (x.shape[0] as number); i++) out.set(i, f(x.get(i), y.get(i)));
  return out;
}
function loop3(ct: Strided, x: Strided, y: Strided, f: (c: number, a: number, b: number) => number): Strided {
  const out = emptyStorage(x.shape, x.dtype);
  for (let i = 0; i < (x.shape[0] as number); i++) out.set(i, f(ct.get(i), x.get(i), y.get(i)));
  return out;
}

const operation = (wrong: number): Operation => ({
  name: "test/squareTimes",
  samples: [3, 1, 0].map((n) => ({
    name: `vectors of ${n}`,
    inputs: (rng) => [1, 2].map(() => vector(Float64Array.from({ length: n }, () => 0.5 + rng.uniform()))),
    f: (x, y) => squareTimes({ wrong }, x as Tensor, y as Tensor),
    reference: (x, y) => ({ shape: [n], data: (x?.data ?? []).map((a, i) => a * a * (y?.data[i] ?? 0)) }),
    h: 1,
    roundings: 2,
  })),
});

describe("a fused primitive", () => {
  for (const law of primitiveLaws) {
    it(law.name, () => {
      expect(checkLaw(law, operation(1))).toBeGreaterThanOrEqual(0);
    });
  }

  it("is held to its definition", () => {
    const law = primitiveLaws.find(({ name }) => name === "a fused primitive agrees with its definition") as (typeof primitiveLaws)[number];
    expect(checkLaw(law, operation(1))).toBe(8);
    expect(() => checkLaw(law, operation(1 + 1e-9))).toThrow("cotangent 0[0] of test/squareTimes");
    expect(fusedDefinitions.has("test/squareTimes")).toBe(true);
  });

  it("runs kernels at first order and its definition beyond", () => {
    const f = (x: Tensor): Tensor => squareTimes({}, x, vector([2, 3]));
    const x = vector([1, 2]);
    const names = (g: () => unknown): readonly string[] => callsDuring(g).map(({ name }) => name);
    expect(names(() => grad((z: typeof x) => sum(f(z)))(x))).not.toContain("mul");
    const H = hessian((z: typeof x) => sum(f(z)));
    expect(names(() => H(x))).toContain("mul");
    expect(array(H(x))).toEqual(Float64Array.of(4, 0, 0, 6));
  });

  it("takes part in higher orders of a composition", () => {
    const twice = (z: Tensor): Tensor => squareTimes({}, sin(z), add(z, 1));
    const plain = (z: Tensor): Tensor => mul(mul(sin(z), sin(z)), add(z, 1));
    const third = (f: (z: Tensor) => Tensor) => grad((z: typeof x) => sum(hessianDiagonal(f, z)))(x);
    const hessianDiagonal = (f: (z: Tensor) => Tensor, z: typeof x): Tensor =>
      grad((w: typeof x) => sum(grad((v: typeof x) => sum(f(v)))(w)))(z);
    const x = vector([0.3, -0.7]);
    const [got, expected] = [array(third(twice)), array(third(plain))];
    got.forEach((g, i) => {
      expect(g).toBeCloseTo(expected[i] as number, 12);
    });
  });

  it("names itself where its kernel makes the first NaN backward", () => {
    const f = (x: Tensor): Tensor => squareTimes({ wrong: Number.NaN }, x, vector([1]));
    expect(() => debugNaNs(() => grad((x: Tensor) => sum(f(x)))(vector([1])))).toThrow("test/squareTimes: made a NaN");
  });
});
