import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  array,
  atan,
  createArena,
  createRng,
  grad,
  hvp,
  inMicroBatches,
  item,
  jvp,
  type Matrix,
  matmul,
  mean,
  mul,
  normal,
  type Scalar,
  ShapeError,
  slice,
  sum,
  type Tensor,
  tensorsIn,
  valueAndGrad,
} from "../src/index.ts";

interface Weights {
  readonly [name: string]: Tensor;
  readonly inner: Matrix;
  readonly outer: Matrix;
}

/** A small network and `batch` examples for it. */
function problem(batch: number) {
  const rng = createRng(7);
  const data = normal(rng.split("data"), [batch, 3]);
  const w: Weights = { inner: normal(rng.split("inner"), [3, 4]), outer: normal(rng.split("outer"), [4, 2]) };
  const loss = ({ inner, outer }: Weights, from: number, to: number): Scalar => {
    const y = matmul(atan(matmul(slice(data, { start: [from, 0], stop: [to, 3] }) as Matrix, inner)), outer);
    return mean(sum(mul(y, y), { axes: [1] })) as Scalar;
  };
  return { w, loss };
}

/** Both are sums of `batch` terms in different orders: each within γ of the exact one (γ ≈ nε), and the terms are of the order of the result. */
const closeTo = (batch: number, whole: Tensor, pieces: Tensor): void => {
  const [a, b] = [array(whole), array(pieces)];
  const size = Math.max(...a.map(Math.abs));
  for (let i = 0; i < a.length; i++) {
    expect(Math.abs((a[i] as number) - (b[i] as number))).toBeLessThanOrEqual(4 * (batch + 16) * 2 ** -52 * size);
  }
};

describe("in micro-batches", () => {
  it("the value and the gradient are those of the whole batch, however it is cut", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 15 }), (batch, piece) => {
        const { w, loss } = problem(batch);
        const [value, gradient] = valueAndGrad((w: Weights) => loss(w, 0, batch))(w);
        const [inPieces, summed] = valueAndGrad(inMicroBatches(loss, { batch, piece }))(w);
        closeTo(batch, value, inPieces);
        closeTo(batch, value, inMicroBatches(loss, { batch, piece })(w));
        closeTo(batch, gradient.inner, summed.inner);
        closeTo(batch, gradient.outer, summed.outer);
      }),
      { numRuns: 50 },
    );
  });

  it("is one operation among others, and its derivatives have derivatives", () => {
    const { w, loss } = problem(7);
    const v = map2(w, (t, i) => normal(createRng(i), t.shape));
    const whole = (w: Weights): Scalar => mul(loss(w, 0, 7), sum(w.inner)) as Scalar;
    const micro = inMicroBatches(loss, { batch: 7, piece: 3 });
    const pieces = (w: Weights): Scalar => mul(micro(w), sum(w.inner)) as Scalar;
    closeTo(100, grad(whole)(w).inner, grad(pieces)(w).inner);
    closeTo(100, hvp(whole, w, v).inner, hvp(pieces, w, v).inner);
    closeTo(100, hvp(whole, w, v).outer, hvp(pieces, w, v).outer);
    closeTo(100, jvp(whole, w, v)[1], jvp(pieces, w, v)[1]);
  });

  it("takes memory that does not grow with the batch, and leaves the result alive", () => {
    const taken = [8, 64, 512].map((batch) => {
      const { w, loss } = problem(batch);
      const arena = createArena();
      const micro = inMicroBatches(loss, { batch, piece: 4 });
      for (let t = 0; t < 2; t++) {
        const [value, gradient] = arena.run(() => valueAndGrad(micro)(w), tensorsIn);
        expect(Number.isFinite(item(value) + item(sum(gradient.inner)))).toBe(true);
      }
      const once = arena.pooledBytes;
      const [kept] = arena.run(() => valueAndGrad(micro)(w), tensorsIn);
      expect(arena.pooledBytes).toBeLessThanOrEqual(once);
      expect(item(kept)).toBeGreaterThan(0);
      return once;
    });
    expect(new Set(taken).size).toBe(1);
    // A piece of 4 takes some dozens of arrays of at most 16 numbers; the whole batch of 512 would take thousands of numbers each.
    expect(taken[0]).toBeLessThan(20_000);
  });

  it("gives the same bits in an arena and outside one", () => {
    const { w, loss } = problem(10);
    const micro = inMicroBatches(loss, { batch: 10, piece: 3 });
    const [value, gradient] = createArena().run(() => valueAndGrad(micro)(w), tensorsIn);
    const [outside, gradientOutside] = valueAndGrad(micro)(w);
    expect(item(value)).toBe(item(outside));
    expect(array(gradient.inner)).toEqual(array(gradientOutside.inner));
  });

  it("refuses a loss that is no scalar, differentiated or not", () => {
    const { w } = problem(4);
    for (const [loss, got] of [
      [({ inner }: Weights) => inner, "shape [3,4]"],
      [() => 1, "Number"],
      [() => undefined, "Undefined"],
    ] as const) {
      const micro = inMicroBatches(loss as unknown as (w: Weights) => Scalar, { batch: 4, piece: 2 });
      expect(() => micro(w)).toThrow(new ShapeError("inMicroBatches", `f must return a scalar tensor, got ${got}`));
      expect(() => grad(micro)(w)).toThrow(new ShapeError("inMicroBatches", `f must return a scalar tensor, got ${got}`));
    }
  });

  it("refuses what it cannot cut, and a loss that closes over what is being differentiated", () => {
    const { w, loss } = problem(4);
    for (const wrong of [0, -1, 1.5, Number.NaN]) {
      expect(() => inMicroBatches(loss, { batch: wrong, piece: 1 })).toThrow(
        `inMicroBatches: batch must be a positive integer, got ${wrong}`,
      );
      expect(() => inMicroBatches(loss, { batch: 4, piece: wrong })).toThrow("piece must be a positive integer");
    }
    const closing = grad((inner: Matrix) =>
      inMicroBatches((o: Matrix, from, to) => loss({ inner, outer: o }, from, to), { batch: 4, piece: 2 })(w.outer),
    );
    expect(() => closing(w.inner)).toThrow("inMicroBatches: f must not close over a tensor being differentiated; make it part of x");
  });
});

function map2(w: Weights, f: (t: Tensor, i: number) => Tensor): Weights {
  return { inner: f(w.inner, 1) as Matrix, outer: f(w.outer, 2) as Matrix };
}
