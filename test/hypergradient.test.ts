import { type GradientTransform, lodo, type Objective, sgd } from "@lodo/optim";
import { densePreconditioner, diagonal, type Layers, type Preconditioner, scalarPreconditioner } from "@lodo/preconditioner";
import {
  add,
  array,
  createRng,
  dot,
  eye,
  grad,
  item,
  type Matrix,
  map,
  matmul,
  mul,
  normal,
  outer,
  type Params,
  type Rng,
  type Scalar,
  scale,
  sub,
  type Tensor,
  transpose,
  type Vector,
  vjp,
  zerosLike,
} from "@lodo/tensor";
import {
  Counterexample,
  casesFactor,
  expectLaw,
  expectNear,
  expectSlope,
  type Law,
  norm2,
  quadratic,
  relativeDirection,
  suiteSeed,
} from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyPlain, hypergradientPlain, type PlainChain } from "./twins/closedForm.ts";
import { fixtures } from "./twins/fixtures.ts";
import { type Structured, structured, structuredCases } from "./twins/structuredCases.ts";

const search = { cases: 40 * casesFactor(process.env), seed: suiteSeed(process.env) };

/** A step of LODO at (x, θ, m) with everything about it; the meta-optimizer only looks. */
interface Step {
  readonly xNext: Vector;
  readonly loss: Scalar;
  readonly hypergradient: Tensor;
}

function stepOf<Θ extends Params>(G: Preconditioner<Θ>, f: Objective, x: Vector, θ: Θ, m: Vector): Step {
  const seen: Tensor[] = [];
  const watching: GradientTransform<Θ, null> = {
    name: "watching",
    init: () => null,
    update: (g) => {
      seen.push(g as Tensor);
      return [map(zerosLike, g), null];
    },
  };
  const { x: xNext, evaluations } = lodo(G, { meta: watching }).update(f, x, { theta: θ, m, meta: null });
  return { xNext, loss: evaluations[0] as Scalar, hypergradient: seen[0] as Tensor };
}

/** ½ (x − c)ᵀ H (x − c) + ¼ Σ (x − c)⁴ */
function drawnLoss(rng: Rng, n: number): Objective {
  const { H, c } = quadratic(rng, n);
  return {
    value: (x) => {
      const r = sub(x, c);
      const r2 = mul(r, r);
      return add(scale(0.5, dot(r, matmul(H, r))), scale(0.25, dot(r2, r2)));
    },
  };
}

const plainOf = ({ n, k, G, θ }: Structured): PlainChain => ({
  n,
  k,
  alpha0: G.alpha0,
  permutations: G.fixed["permutations"] ?? [],
  blocks: array(θ),
  width: θ.shape[1] * k,
});

/** R products and sums on the way are off by 8 √R ε of the norms that meet (Higham & Mary 2019, as in the kit); 16 for cancellation. */
const toleranceOf = ({ N, θ }: Structured, size: number): number => 16 * 8 * Math.sqrt((4 * N + 4) * (θ.shape[2] + 1)) * 2 ** -52 * size;

const drawnStep = ({
  n,
  G,
  θ,
  rng,
}: Structured): Step & { readonly x: Vector; readonly m: Vector; readonly f: Objective; readonly g: Vector } => {
  const [x, m, f] = [normal(rng.split("x"), [n]), normal(rng.split("m"), [n]), drawnLoss(rng.split("loss"), n)];
  const step = stepOf(G, f, x, θ, m);
  return { ...step, x, m, f, g: grad((x: Vector) => f.value(x))(step.xNext) };
};

const applicationLaw: Law<Structured> = {
  name: "the step is x − G(θ) m of the loops",
  check: (sample) => {
    const { x, m, xNext } = drawnStep(sample);
    const expected = applyPlain(plainOf(sample), array(m)).map((Gm, i) => (array(x)[i] as number) - Gm);
    return expectNear("x_{t+1}", array(xNext), expected, toleranceOf(sample, norm2(array(m)) + norm2(array(x))));
  },
};

const closedFormLaw: Law<Structured> = {
  name: "the hypergradient through the step = its closed form",
  check: (sample) => {
    const { m, g, hypergradient } = drawnStep(sample);
    const expected = hypergradientPlain(plainOf(sample), array(g), array(m));
    const tolerance = toleranceOf(sample, norm2(expected) + norm2(array(g)) * norm2(array(m)));
    return expected.length * expectNear("∂ℓ/∂θ", array(hypergradient), expected, tolerance);
  },
};

/** The loss after the step, as the optimizer itself reports it, moves along every direction of θ as the hypergradient says. */
const differencesLaw: Law<Structured> = {
  name: "the hypergradient through the step = central differences of the loss after the step",
  check: (sample, rng) => {
    const { N, θ, G } = sample;
    const { x, m, f, g, hypergradient } = drawnStep(sample);
    let checks = 0;
    for (let i = 0; i < 4 && N > 0; i++) {
      const u = relativeDirection(rng, θ);
      const along = array(u as Tensor);
      const slope = Array.from(array(hypergradient)).reduce((s, h, j) => s + h * (along[j] as number), 0);
      checks += expectSlope("∂ℓ/∂θ along a direction", slope, {
        f: (moved) => stepOf(G, f, x, moved as Layers, m).loss,
        p: θ,
        u,
        terms: norm2(array(g)) * (1 + norm2(array(m))),
        roundings: (4 * N + 4) * (θ.shape[2] + 1),
      });
    }
    return checks;
  },
};

const cases = structuredCases("block-permutation", {}, {}, structured);

describe("the hypergradient of block permutations", () => {
  it.each([applicationLaw, closedFormLaw, differencesLaw].map((law) => [law.name, law] as const))("%s", (_, law) => {
    expect(expectLaw(law, cases, search)).toBeGreaterThan(search.cases);
  });

  const broken = (law: Law<Structured>, change: (sample: Structured) => Structured["G"]): Law<Structured> => ({
    ...law,
    check: (sample, rng) => law.check({ ...sample, G: change(sample) }, rng),
  });
  const half = ({ G }: Structured): Preconditioner<Layers> => ({ ...G, at: (θ) => G.at(scale(0.5, θ)) });
  const deaf = ({ G, θ }: Structured): Preconditioner<Layers> => ({ ...G, at: () => G.at(θ) });

  it("each law notices a wrong G, and a θ that is held constant", () => {
    expect(() => expectLaw(broken(applicationLaw, half), cases, search)).toThrow(/x_\{t\+1\}/);
    expect(() => expectLaw(broken(closedFormLaw, half), cases, search)).toThrow(/∂ℓ\/∂θ/);
    expect(() => expectLaw(broken(closedFormLaw, deaf), cases, search)).toThrow(/∂ℓ\/∂θ/);
    const nonzero: Law<Structured> = {
      name: "the loss depends on θ",
      check: (sample) => {
        if (sample.N > 0 && norm2(array(drawnStep(sample).hypergradient)) === 0)
          throw new Counterexample("expected a hypergradient, got zero");
        return 1;
      },
    };
    expect(expectLaw(nonzero, cases, search)).toBeGreaterThan(0);
    expect(() => expectLaw(broken(nonzero, deaf), cases, search)).toThrow(/expected a hypergradient/);
  });

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
    "is dW of %s to 1e-12, both ways",
    (_, { n, k, n_tilde, alpha0, preconditioner: G, B, dB, vectors }) => {
      const { m, u } = vectors;
      const [, pullback] = vjp((θ: Layers) => sub(m, G.at(θ).apply(m)), B);
      expectNear("∂ℓ/∂θ", array(pullback(u)), array(dB), 1e-12);
      const plain = { n, k, alpha0, permutations: G.fixed["permutations"] ?? [], blocks: array(B), width: n_tilde };
      expectNear("∂ℓ/∂θ in closed form", hypergradientPlain(plain, array(u), array(m)), array(dB), 1e-12);
    },
  );
});

const sizes = fc.record({ n: fc.integer({ min: 1, max: 10 }), seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }) });

describe("hypergradients in closed form", () => {
  const drawn = ({ n, seed }: { readonly n: number; readonly seed: number }) => {
    const rng = createRng(seed);
    const [x, m, f] = [normal(rng, [n]), normal(rng, [n]), drawnLoss(rng.split("loss"), n)];
    const stepAt = <Θ extends Params>(G: Preconditioner<Θ>, θ: Θ) => {
      const step = stepOf(G, f, x, θ, m);
      return { ...step, g: grad((x: Vector) => f.value(x))(step.xNext) };
    };
    return { n, rng, x, m, f, stepAt };
  };
  const property = (check: (data: ReturnType<typeof drawn>) => void) =>
    fc.assert(
      fc.property(sizes, (data) => check(drawn(data))),
      { numRuns: search.cases, seed: search.seed },
    );

  it("a dense G has −g mᵀ, to the bit: each entry is one product", () => {
    property(({ n, rng, m, stepAt }) => {
      const θ = normal(rng, [n, n]);
      const { g, hypergradient } = stepAt(densePreconditioner({ dim: n }), θ);
      expect([...array(hypergradient)]).toEqual([...array(scale(-1, outer(g, m)))]);
    });
  });

  it("a dense G under SGD takes the step θ + α g mᵀ, to the bit", () => {
    property(({ n, rng, x, m, f }) => {
      const [θ, α] = [normal(rng, [n, n]), 0.01];
      const optimizer = lodo(densePreconditioner({ dim: n }), { meta: sgd<Matrix>({ learningRate: α }), beta: 0 });
      const { x: xNext, state } = optimizer.update(f, x, { theta: θ, m, meta: null });
      const g = grad((x: Vector) => f.value(x))(xNext);
      expect([...array(state.theta)]).toEqual([...array(add(θ, scale(α, outer(g, m))))]);
      expect([...array(state.m)]).toEqual([...array(g)]);
    });
  });

  it("a diagonal G has −α₀ g ⊙ m, to three roundings", () => {
    property(({ n, rng, m, stepAt }) => {
      const [θ, alpha0] = [normal(rng, [n]), 0.3];
      const { g, hypergradient } = stepAt(diagonal({ dim: n, alpha0 }), θ);
      const expected = array(scale(-alpha0, mul(g, m)));
      expectNear("∂ℓ/∂θ", array(hypergradient), expected, 3 * 2 ** -52 * norm2(expected));
    });
  });

  it("a scalar G has −α₀ gᵀ m, to as many roundings as there are terms", () => {
    property(({ n, rng, m, stepAt }) => {
      const alpha0 = 0.3;
      const { g, hypergradient } = stepAt(scalarPreconditioner({ dim: n, alpha0 }), normal(rng, []));
      const terms = norm2(array(g)) * norm2(array(m));
      expectNear("∂ℓ/∂θ", array(hypergradient), [-alpha0 * item(dot(g, m))], 2 * (n + 3) * 2 ** -52 * terms);
    });
  });
});

describe("equations (5) and (6)", () => {
  it("hold along trajectories of a dense G with SGD and β = 0", () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(0.001, 0.01, 0.1), ({ n, seed }, α) => {
        const rng = createRng(seed);
        const { H } = quadratic(rng.split("problem"), n);
        const optimizer = lodo(densePreconditioner({ dim: n, alpha0: 0.5 }), { meta: sgd<Matrix>({ learningRate: α }), beta: 0 });
        const A = (θ: Matrix): Matrix => sub(eye(n), matmul(θ, H));
        let centre = normal(rng, [n]);
        let [x, state] = [normal(rng, [n]), optimizer.init(centre, rng)];
        const advance = (c: Vector): void => {
          ({ x, state } = optimizer.update({ value: (x) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) }, x, state));
        };
        advance(centre);
        for (let t = 0; t < 40; t++) {
          const [b, before] = [sub(x, centre), A(state.theta)];
          const s = scale(0.1, normal(rng, [n]));
          centre = add(centre, s);
          advance(centre);
          const bNext = sub(x, centre);
          const size = 1 + norm2(array(b)) + norm2(array(centre));
          // Both sides are a few products of matrices of norm at most ‖A‖ and ‖H‖ ≤ √n: as many roundings as there are terms, n, times 16.
          const tolerance = 16 * (n + 4) * 2 ** -52 * size ** 2 * (norm2(array(before)) + n);
          // (6)  b_{t+1} = A_t b_t − s_t
          expectNear("b_{t+1}", array(bNext), array(sub(matmul(before, b), s)), tolerance);
          // (5)  A_{t+1} = A_t − α H b_{t+1} b_tᵀ H²
          const drift = matmul(matmul(outer(matmul(H, bNext), b), H), H);
          expectNear("A_{t+1}", array(A(state.theta)), array(sub(before, scale(α, drift))), tolerance);
          expect(norm2(array(transpose(drift)))).toBeGreaterThan(0);
        }
      }),
      { numRuns: search.cases, seed: search.seed },
    );
  });
});
