import {
  anyCurvature,
  bfgsUpdate,
  denseMatrix,
  type InverseHessian,
  limitedMemory,
  meanOfPairs,
  newestPair,
  oldestStepNewestChange,
  type Pair,
  pairOf,
  positiveCurvature,
  type Scaling,
  sameDraw,
} from "@lodo/optim";
import {
  add,
  array,
  basis,
  createRng,
  dot,
  eye,
  item,
  type Matrix,
  matmul,
  normal,
  type Rng,
  scale,
  sub,
  type Vector,
  vector,
  zeros,
} from "@lodo/tensor";
import { casesFactor, eigenvalues, expectNear, norm2, quadratic, rowsOf, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { Matrix as MlMatrix } from "ml-matrix";
import { describe, expect, it } from "vitest";

const search = { numRuns: 20 * casesFactor(process.env), seed: suiteSeed(process.env) };
const drawn = fc.record({
  n: fc.integer({ min: 1, max: 6 }),
  m: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

/** Pairs of a strictly convex loss that changes from pair to pair: y = s + ½ noise of its length, so that sᵀy ≥ ½ ‖s‖². */
const convexPairs = (rng: Rng, n: number, m: number): readonly Pair[] =>
  Array.from({ length: m }, () => {
    const [s, noise] = [normal(rng, [n]), normal(rng, [n])];
    return pairOf(s, add(s, scale((0.5 * norm2(array(s))) / norm2(array(noise)), noise)));
  });

/** H with every pair applied as it is printed: (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ. */
function printedUpdates(γ: number, pairs: readonly Pair[], n: number): MlMatrix {
  let H = MlMatrix.eye(n).mul(γ);
  for (const pair of pairs) {
    const [s, y] = [MlMatrix.columnVector([...array(pair.s)]), MlMatrix.columnVector([...array(pair.y)])];
    const ρ = 1 / s.transpose().mmul(y).get(0, 0);
    const V = MlMatrix.eye(n).sub(y.mmul(s.transpose()).mul(ρ));
    H = V.transpose().mmul(H).mmul(V).add(s.mmul(s.transpose()).mul(ρ));
  }
  return H;
}

/** A bound of ‖H‖ that the intermediate results of all three forms obey too: ‖V‖ ≤ 1 + ‖s‖‖y‖/sᵀy. */
const growth = (γ: number, pairs: readonly Pair[]): number =>
  pairs.reduce((h, { ss, sy, yy }) => h * (1 + Math.sqrt(ss * yy) / sy) ** 2 + ss / sy, γ);

const learnAll = <M>(H: InverseHessian<M>, x0: Vector, pairs: readonly Pair[]): M =>
  pairs.reduce((memory, pair) => H.learn(memory, pair), H.init(x0));

const unscaled: Scaling = () => 0.7;

describe("the inverse Hessian from pairs", () => {
  it("is the same by the two-loop recursion, by matrix updates and as printed", () => {
    fc.assert(
      fc.property(drawn, ({ n, m, seed }) => {
        const rng = createRng(seed);
        const pairs = convexPairs(rng, n, m);
        const v = normal(rng, [n]);
        const limited = limitedMemory({ history: m, guard: anyCurvature, scaling: unscaled, gamma0: 0.7 });
        const dense = denseMatrix({ guard: anyCurvature, gamma0: 0.7 });
        const expected = printedUpdates(0.7, pairs, n)
          .mmul(MlMatrix.columnVector([...array(v)]))
          .to1DArray();
        // Each pair's inner products and sums round 2 (n + 4) times, on quantities within the growth.
        const tolerance = 8 * m * (n + 4) * 2 ** -52 * growth(0.7, pairs) * norm2(array(v));
        expectNear("two loops", array(limited.apply(learnAll(limited, v, pairs), v)), expected, tolerance);
        expectNear("matrix", array(dense.apply(learnAll(dense, v, pairs), v)), expected, tolerance);
      }),
      search,
    );
  });

  it("keeps the newest pairs of its history, and forgets those before", () => {
    const pairs = convexPairs(createRng(2), 4, 7);
    const limited = limitedMemory({ history: 3, guard: anyCurvature, scaling: newestPair, gamma0: 1 });
    const memory = learnAll(limited, zeros([4]), pairs);
    expect(memory.pairs).toEqual(pairs.slice(4));
    const { sy, yy } = pairs[6] as Pair;
    expect(memory.gamma).toBe(sy / yy);
  });

  it.each([0, -1, 1.5])("refuses a history of %d", (history) => {
    expect(() => limitedMemory({ history, guard: anyCurvature, scaling: newestPair, gamma0: 1 })).toThrow(
      `limitedMemory: history must be an integer of at least 1, got ${history}`,
    );
  });

  it("obeys the newest pair's secant equation H y = s, and is symmetric to the bit", () => {
    fc.assert(
      fc.property(drawn, ({ n, m, seed }) => {
        const pairs = convexPairs(createRng(seed), n, m);
        const { s, y } = pairs.at(-1) as Pair;
        const limited = limitedMemory({ history: m, guard: anyCurvature, scaling: newestPair, gamma0: 1 });
        const dense = denseMatrix({ guard: anyCurvature, scaling: newestPair, gamma0: 1 });
        const memory = learnAll(dense, s, pairs);
        const tolerance = 8 * m * (n + 4) * 2 ** -52 * growth(2, pairs) * norm2(array(y));
        expectNear("two loops", array(limited.apply(learnAll(limited, s, pairs), y)), array(s), tolerance);
        expectNear("matrix", array(dense.apply(memory, y)), array(s), tolerance);
        const rows = rowsOf(memory.H);
        rows.forEach((row, i) => {
          row.forEach((h, j) => {
            expect(h).toBe(rows[j]?.[i]);
          });
        });
      }),
      search,
    );
  });

  it("stays positive definite behind the curvature guard, whatever the pairs, and does not without it", () => {
    let indefinite = 0;
    fc.assert(
      fc.property(drawn, ({ n, m, seed }) => {
        const rng = createRng(seed);
        const pairs = Array.from({ length: m }, () => pairOf(normal(rng, [n]), normal(rng, [n])));
        const least = (guard: typeof anyCurvature): number => {
          const dense = denseMatrix({ guard, scaling: newestPair, gamma0: 1 });
          const H = rowsOf(learnAll(dense, zeros([n]), pairs).H);
          return Math.min(...eigenvalues(H)) / Math.max(...eigenvalues(H).map(Math.abs));
        };
        // Eigenvalues are off by a few ε of the greatest.
        expect(least(positiveCurvature)).toBeGreaterThan(-1e-13);
        if (least(anyCurvature) < -1e-6) indefinite++;
        const limited = limitedMemory({ history: 3, guard: positiveCurvature, scaling: meanOfPairs, gamma0: 1 });
        const v = normal(rng, [n]);
        expect(item(dot(v, limited.apply(learnAll(limited, v, pairs), v)))).toBeGreaterThan(0);
      }),
      search,
    );
    expect(indefinite).toBeGreaterThan(5);
  });

  it("learns nothing from no change, and until there is a pair takes ten times longer steps, up to 1", () => {
    const nothing = pairOf(vector([1, 2]), zeros([2]));
    for (const H of [
      limitedMemory({ history: 2, guard: anyCurvature, scaling: newestPair, gamma0: 1e-3 }),
      denseMatrix({ guard: positiveCurvature, gamma0: 1e-3 }),
    ] as readonly InverseHessian<unknown>[]) {
      const sizes = [0, 1, 2, 3, 4, 5].map((k) => array(H.apply(learnAll(H, zeros([2]), Array<Pair>(k).fill(nothing)), vector([1, 0])))[0]);
      expect(sizes.map((γ) => Number(γ?.toPrecision(12)))).toEqual([0.001, 0.01, 0.1, 1, 1, 1]);
      const learned = learnAll(H, zeros([2]), [pairOf(vector([1, 0]), vector([4, 0]))]);
      expect(H.learn(learned, nothing)).toEqual(learned);
    }
  });
});

describe("scalings of H₀", () => {
  const pairs = [pairOf(vector([1, 0]), vector([2, 0])), pairOf(vector([0, 1]), vector([-3, 4]))];
  it.each([
    ["the newest pair's sᵀy/yᵀy", newestPair, 4 / 25],
    ["the mean of sᵀy/yᵀy", meanOfPairs, (2 / 4 + 4 / 25) / 2],
    ["the oldest s with the newest y, which may be negative", oldestStepNewestChange, -3 / 25],
  ])("%s", (_, scaling, expected) => {
    expect(scaling(pairs)).toBeCloseTo(expected, 15);
  });
});

/** What both memories see of a quadratic when they start from the same scaling. */
const fullLimited = limitedMemory({
  history: 1000,
  guard: positiveCurvature,
  scaling: ([first]) => newestPair([first as Pair]),
  gamma0: 0.3,
});
const full = denseMatrix({ guard: positiveCurvature, scaling: newestPair, gamma0: 0.3 });

describe("on quadratics", () => {
  it("L-BFGS with all of its memory goes where BFGS goes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (n, seed) => {
        const { objective, x0 } = quadratic(createRng(seed), n);
        const path = <M>(inverseHessian: InverseHessian<M>, from: Vector): readonly Vector[] => {
          const optimizer = sameDraw("test", { inverseHessian, rate: () => 0.8 });
          let [x, state] = [from, optimizer.init(from, createRng(1))];
          return Array.from({ length: 8 }, () => {
            ({ x, state } = optimizer.update(objective, x, state));
            return x;
          });
        };
        const [limited, dense] = [path(fullLimited, x0), path(full, x0)];
        // Rounding of some hundred ε a step, magnified as a disturbance of the start is.
        const disturbed = [1, 2, 3].map((i) => path(full, add(x0, scale(1e-9, normal(createRng(seed).split(i), [n])))));
        let κ = 1;
        dense.forEach((x, t) => {
          κ = Math.max(κ, ...disturbed.map((other) => norm2(array(sub(x, other[t] as Vector))) / 1e-9));
          expectNear(`x after step ${t + 1}`, array(limited[t] as Vector), array(x), 1000 * 2 ** -52 * κ * (1 + norm2(array(x))));
        });
      }),
      search,
    );
  });

  /** Exact steps along −H g are conjugate directions, whatever the history (Nocedal & Wright 2006, Theorem 6.4 and Section 7.2). */
  it.each<readonly [string, InverseHessian<unknown>]>([
    ["BFGS", full as InverseHessian<unknown>],
    ["L-BFGS", fullLimited as InverseHessian<unknown>],
    [
      "L-BFGS with a history of one",
      limitedMemory({ history: 1, guard: positiveCurvature, scaling: newestPair, gamma0: 1 }) as InverseHessian<unknown>,
    ],
  ])("%s with exact steps ends after n of them", (_, inverseHessian) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (n, seed) => {
        const { H, c, x0 } = quadratic(createRng(seed), n);
        const gradient = (x: Vector): Vector => matmul(H, sub(x, c));
        let [x, memory] = [x0, inverseHessian.init(x0)];
        const start = norm2(array(gradient(x0)));
        let [before, last] = [start, start];
        for (let t = 0; t < n && last > 1e-9 * start; t++) {
          const g = gradient(x);
          const p = scale(-1, inverseHessian.apply(memory, g));
          const s = scale(-item(dot(g, p)) / item(dot(p, matmul(H, p))), p);
          memory = inverseHessian.learn(memory, pairOf(s, matmul(H, s)));
          x = add(x, s);
          [before, last] = [last, norm2(array(gradient(x)))];
        }
        // Steps end early once the gradient has fallen by 10⁹; until then rounding, (n + 8) ε κ(H) of the first gradient, stays below 10⁻⁶ of it.
        expect(last).toBeLessThan(1e-6 * start);
        if (n > 2) expect(before).toBeGreaterThan(last);
      }),
      search,
    );
  });

  it("BFGS has learned the inverse Hessian after n exact steps", () => {
    const { H, c, x0 } = quadratic(createRng(5), 4);
    let [x, memory] = [x0, full.init(x0)];
    for (let t = 0; t < 4; t++) {
      const g = matmul(H, sub(x, c));
      const p = scale(-1, full.apply(memory, g));
      const s = scale(-item(dot(g, p)) / item(dot(p, matmul(H, p))), p);
      memory = full.learn(memory, pairOf(s, matmul(H, s)));
      x = add(x, s);
    }
    for (let i = 0; i < 4; i++) expectNear(`column ${i}`, array(full.apply(memory, matmul(H, basis(4, i)))), array(basis(4, i)), 1e-9);
  });
});

it("the update is that of equation 6.17 on one pair by hand", () => {
  // s = (1, 0), y = (2, 1): ρ = ½, V = I − ρ y sᵀ = [[0, 0], [−½, 1]], VᵀV + ρ s sᵀ = [[¾, −½], [−½, 1]]
  const H = bfgsUpdate(eye(2) as Matrix, pairOf(vector([1, 0]), vector([2, 1])));
  expectNear("H", array(H), [0.75, -0.5, -0.5, 1], 1e-15);
});
