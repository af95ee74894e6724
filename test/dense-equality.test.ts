import { adam, type GradientTransform, lodo, type Objective, sgd } from "@lodo/optim";
import { dense, type Layers, type Preconditioner } from "@lodo/preconditioner";
import {
  add,
  array,
  createRng,
  dot,
  item,
  type Matrix,
  matmul,
  matrix,
  norm,
  normal,
  type Rng,
  scale,
  sub,
  type Tensor,
  type Vector,
  zeros,
} from "@lodo/tensor";
import { Counterexample, casesFactor, expectLaw, expectNear, type Law, quadratic, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { denseMatrix, denseTwin } from "./twins/denseTwin.ts";
import { type Fixture, fixtures } from "./twins/fixtures.ts";
import { type Structured, structured, structuredCases } from "./twins/structuredCases.ts";

const search = { cases: 14 * casesFactor(process.env), seed: suiteSeed(process.env) };

interface TrajectoryCase extends Structured {
  readonly steps: number;
  readonly β: number;
  readonly meta: GradientTransform<Layers, unknown>;
}

/** ½ (x − c_t)ᵀ H (x − c_t) with a centre that takes a step of 0.1 N(0, I) each time. */
function wanderingLosses(rng: Rng, n: number, steps: number): readonly Objective[] {
  const { H } = quadratic(rng, n);
  const draws = rng.split("draws");
  let c: Vector = zeros([n]);
  return Array.from({ length: steps }, () => {
    c = add(c, scale(0.1, normal(draws, [n])));
    const centre = c;
    return { value: (x) => scale(0.5, dot(sub(x, centre), matmul(H, sub(x, centre)))) };
  });
}

/** (x_t, θ_t) for every t. */
type Trajectory = readonly { readonly x: Vector; readonly θ: Layers; readonly loss: number }[];

function trajectory(
  G: Preconditioner<Layers>,
  { meta, β }: Pick<TrajectoryCase, "meta" | "β">,
  losses: readonly Objective[],
  x0: Vector,
): Trajectory {
  const optimizer = lodo(G, { meta, beta: β });
  let [x, state] = [x0, optimizer.init(x0, createRng(1))];
  return losses.map((loss) => {
    const update = optimizer.update(loss, x, state);
    ({ x, state } = update);
    return { x, θ: state.theta, loss: item(update.evaluations[0] as Tensor) };
  });
}

const length = (t: Tensor): number => item(norm(t));

/** The largest ‖x − x′‖ + ‖θ − θ′‖ over two trajectories. */
const distance = (a: Trajectory, b: Trajectory): number =>
  Math.max(0, ...a.map(({ x, θ }, t) => length(sub(x, b[t]?.x as Vector)) + length(sub(θ, b[t]?.θ as Layers))));

/** Rounding is measured against a perturbation that is far above it and far below everything else. */
const δ = 1e-9;

/**
 * How much a trajectory magnifies small changes: κ = ‖change of (x_t, θ_t)‖ / δ at its worst, for a start that is changed by δ (‖x‖ + ‖θ‖) in three
 * random directions. It holds what Adam does to small hypergradients, whose normalised steps amplify by up to α/ε = 10⁴.
 */
function conditioning({ G, θ, rng, ...how }: TrajectoryCase, losses: readonly Objective[], x0: Vector): number {
  const plain = trajectory(G, how, losses, x0);
  return Math.max(
    ...[1, 2, 3].map((i) => {
      const u = rng.split("perturbation").split(i);
      const moved = { ...G, init: () => add(θ, scale((δ * length(θ)) / Math.sqrt(θ.size || 1), normal(u, θ.shape))) };
      return (
        distance(plain, trajectory(moved, how, losses, add(x0, scale((δ * length(x0)) / Math.sqrt(x0.size), normal(u, x0.shape))))) / δ
      );
    }),
  );
}

/**
 * Each step of either computation is off by 8 √R ε (R = (2N + 2) ñ products and sums through the layers; Higham & Mary 2019, as in the kit), which
 * the rest of the trajectory magnifies by at most κ; T steps add up.
 */
const trajectoryLaw: Law<TrajectoryCase> = {
  name: "LODO with the structured G = LODO with the same G as a dense matrix, over whole trajectories",
  check: (sample) => {
    const { n, k, N, G, θ, rng, steps } = sample;
    const losses = wanderingLosses(rng.split("losses"), n, steps);
    const x0 = normal(rng.split("x0"), [n]);
    const κ = conditioning(sample, losses, x0);
    const R = (2 * N + 2) * (θ.shape[1] * k || n);
    const tolerance = 8 * Math.sqrt(R) * 2 ** -52 * κ * steps;
    const [a, b] = [G, denseTwin(G)].map((G) => trajectory(G, sample, losses, x0)) as [Trajectory, Trajectory];
    if (!(tolerance < 1e-5)) throw new Counterexample(`expected a trajectory that rounding leaves alone, got κ = ${κ}`);
    const apart = distance(a, b);
    if (!(apart <= tolerance)) throw new Counterexample(`expected trajectories within ${tolerance} (κ = ${κ}), they are ${apart} apart`);
    a.forEach(({ loss }, t) => {
      expectNear(`ℓ at step ${t + 1}`, [loss], [b[t]?.loss ?? Number.NaN], tolerance * (1 + loss) * 4);
    });
    const last = a.at(-1)?.θ ?? θ;
    return (
      steps +
      expectNear(
        "G(θ_T)",
        array(dense(G.at(last))),
        array(denseMatrix(G, last)),
        8 * Math.sqrt(R) * 2 ** -52 * 16 * length(denseMatrix(G, last)),
      )
    );
  },
};

const metas: Readonly<Record<string, () => GradientTransform<Layers, unknown>>> = {
  adam: () => adam<Layers>({ learningRate: 0.001 }),
  sgd: () => sgd<Layers>({ learningRate: 0.01 }),
};

const trajectories = structuredCases(
  "block-permutation",
  { steps: fc.constantFrom(10, 40, 250), beta: fc.constantFrom(0, 0.5, 0.9), meta: fc.constantFrom("adam", "sgd") },
  { steps: 100, beta: 0.9, meta: "adam" },
  ({ steps, beta, meta, ...data }): TrajectoryCase => ({
    ...structured(data),
    steps,
    β: beta,
    meta: (metas[meta] as () => GradientTransform<Layers, unknown>)(),
  }),
);

describe("structured = dense", () => {
  it(trajectoryLaw.name, () => {
    expect(expectLaw(trajectoryLaw, trajectories, search)).toBeGreaterThan(500);
  });

  const broken = (change: (G: Preconditioner<Layers>) => Preconditioner<Layers>): Law<TrajectoryCase> => ({
    ...trajectoryLaw,
    check: (sample, rng) => trajectoryLaw.check({ ...sample, G: change(sample.G) }, rng),
  });

  it.each([
    ["an α₀ off by 1e-9", (G: Preconditioner<Layers>) => ({ ...G, at: (θ: Layers) => G.at(scale(1 + 1e-9, θ)) })],
    ["a θ that is held constant", (G: Preconditioner<Layers>) => ({ ...G, at: () => G.at(G.init(createRng(1))) })],
  ])("notices %s", (_, change) => {
    expect(() => expectLaw(broken(change), trajectories, search)).toThrow(/expected trajectories within/);
  });
});

/** Relative to the size of the field, which is of order 1. */
const FIXTURE_TOLERANCE = 1e-12;

const expectField = (what: string, got: Tensor, expected: ArrayLike<number>): number =>
  expectNear(what, array(got), expected, FIXTURE_TOLERANCE);

describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))("%s", (_, fixture: Fixture) => {
  const { preconditioner: G, B, BInit, vectors, trajectory: expected } = fixture;
  const { m, c, x0 } = vectors;

  it("has the width of equation (2), and G m, G and its start to 1e-12", () => {
    expect(BInit.shape).toEqual([fixture.N, fixture.n_tilde / fixture.k, fixture.k, fixture.k]);
    expectField("G m", G.at(B).apply(m), fixture.Gm);
    expectField("G", dense(G.at(B)), fixture.G.flat());
    expectField("G by matrix products", denseMatrix(G, B), fixture.G.flat());
    expectField(
      "G(θ₀) m",
      G.at(BInit).apply(m),
      fixture.m.map((x) => fixture.alpha0 * x),
    );
  });

  it.each([
    ["structured", G],
    ["dense", denseTwin(G)],
  ])("has the trajectory of 50 steps to 1e-12, %s", (_, G) => {
    const H: Matrix = matrix(expected.H);
    const f: Objective = { value: (x) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) };
    const optimizer = lodo({ ...G, init: () => BInit }, { meta: adam<Layers>({ learningRate: expected.meta_lr }), beta: expected.beta });
    let [x, state] = [x0, optimizer.init(x0, createRng(1))];
    const losses = expected.loss.map(() => {
      const update = optimizer.update(f, x, state);
      ({ x, state } = update);
      return item(update.evaluations[0] as Tensor);
    });
    expect(losses).toHaveLength(50);
    expectNear("the losses", losses, expected.loss, FIXTURE_TOLERANCE);
    expectField("x after 50 steps", x, expected.x_final);
    expectField("m after 50 steps", state.m, expected.m_final);
    expectField("θ after 50 steps", state.theta, array(fixture.BFinal));
  });
});
