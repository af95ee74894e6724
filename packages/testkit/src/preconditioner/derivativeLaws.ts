import { dense } from "@lodo/preconditioner";
import {
  add,
  array,
  dot,
  grad,
  hvp,
  leaves,
  map,
  matmul,
  mul,
  neg,
  normal,
  type Params,
  type Rng,
  type Scalar,
  scale,
  sub,
  sum,
  type Tensor,
  type Vector,
  vjp,
} from "@lodo/tensor";
import type { Law } from "../law.ts";
import { expectNear, inner, norm2 } from "../property/linearAlgebra.ts";
import { direction, expectSlope, numbersIn, relativeDirection } from "../property/slope.ts";
import { operatorTolerance } from "./operatorLaws.ts";
import type { PreconditionerSample } from "./preconditionerSample.ts";

/** θ and v, to be differentiated together. */
interface Point {
  readonly θ: Params;
  readonly v: Vector;
}

/** A v that G(θ) maps to a vector of length about 1, so that every quantity below is of that size. */
function vectorFor(rng: Rng, { preconditioner: G, theta }: PreconditionerSample): Vector {
  const size = norm2(array(dense(G.at(theta), { dtype: G.dtype }))) || 1;
  return scale(1 / size, normal(rng, [G.dim], { dtype: G.dtype }));
}

/** φ(θ, v) = ⟨w, G(θ) v⟩ */
const readout =
  ({ preconditioner: G }: PreconditionerSample, w: Vector) =>
  (p: Params): Scalar =>
    dot(w, G.at((p as unknown as Point).θ).apply((p as unknown as Point).v));

export const pullbackLaw: Law<PreconditionerSample> = {
  name: "the pullback to θ and v agrees with central differences",
  check: (sample, rng) => {
    const p: Params = { θ: sample.theta, v: vectorFor(rng, sample) };
    const w = normal(rng, [sample.preconditioner.dim]);
    const u = relativeDirection(rng, p);
    const φ = readout(sample, w);
    const slopeByPullback = inner(numbersIn(grad(φ)(p)), numbersIn(u));
    return expectSlope(`∂⟨w, G(θ) v⟩ of ${sample.name}`, slopeByPullback, {
      f: φ,
      p,
      u,
      terms: norm2(array(w)),
      roundings: sample.roundings,
    });
  },
};

export const curvatureLaw: Law<PreconditionerSample> = {
  name: "the derivative of the pullback agrees with central differences",
  check: (sample, rng) => {
    const p: Params = { θ: sample.theta, v: vectorFor(rng, sample) };
    const w = normal(rng, [sample.preconditioner.dim]);
    const [u, z] = [relativeDirection(rng, p), direction(rng, p, 1)];
    const φ = readout(sample, w);
    const ψ = (q: Params): Scalar =>
      leaves(map((g: Tensor, d: Tensor) => sum(mul(g, d)), grad(φ)(q), z)).reduce((a, b) => add(a, b)) as Scalar;
    const terms = norm2(numbersIn(grad(φ)(p))) * norm2(numbersIn(z));
    const slopeByHvp = inner(numbersIn(hvp(φ, p, u)), numbersIn(z));
    return expectSlope(`∂²⟨w, G(θ) v⟩ of ${sample.name}`, slopeByHvp, { f: ψ, p, u, terms, roundings: sample.roundings });
  },
};

/** ℓ(y) = ½ ‖L (y − c)‖² + ¼ Σ (y − c)⁴: a loss with curvature of its own. */
function drawnLoss(rng: Rng, n: number): (y: Vector) => Scalar {
  const [L, c] = [normal(rng, [n, n]), normal(rng, [n])];
  return (y) => {
    const r = sub(y, c);
    const [Lr, r2] = [matmul(L, r), mul(r, r)];
    return add(scale(0.5, dot(Lr, Lr)), scale(0.25, dot(r2, r2)));
  };
}

export const hypergradientLaw: Law<PreconditionerSample> = {
  name: "the hypergradient by the chain rule is that of θ ↦ ℓ(x − G(θ) m)",
  check: (sample, rng) => {
    const { preconditioner: G, theta: θ, roundings } = sample;
    const [x, m, ℓ] = [normal(rng, [G.dim]), vectorFor(rng, sample), drawnLoss(rng, G.dim)];
    const loss = (θ: Params): Scalar => ℓ(sub(x, G.at(θ).apply(m)));
    const endToEnd = numbersIn(grad(loss)(θ));
    const g = grad(ℓ)(sub(x, G.at(θ).apply(m)));
    const byChainRule = numbersIn(vjp((θ: Params) => G.at(θ).apply(m), θ)[1](neg(g)));
    const size = norm2(endToEnd) + norm2(array(g));
    expectNear(`∂ℓ/∂θ of ${sample.name}`, byChainRule, endToEnd, operatorTolerance(roundings, "float64") * size);
    const u = relativeDirection(rng, θ);
    const against = { f: loss, p: θ, u, terms: norm2(array(g)), roundings: roundings + G.dim ** 2 };
    return 1 + expectSlope(`∂ℓ/∂θ of ${sample.name}`, inner(endToEnd, numbersIn(u)), against);
  },
};
