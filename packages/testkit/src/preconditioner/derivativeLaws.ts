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
  scalar,
  scale,
  sub,
  sum,
  type Tensor,
  type Vector,
  vjp,
} from "@lodo/tensor";
import { expectClose } from "../counterexample.ts";
import { differenceColumn } from "../finiteDifferences.ts";
import type { Law } from "../law.ts";
import { tolerance } from "../laws/jacobian.ts";
import { inner, norm2 } from "../property/linearAlgebra.ts";
import { expectNear, operatorTolerance } from "./operatorLaws.ts";
import { addTrees, direction, type PreconditionerSample } from "./preconditionerSample.ts";

/** θ and v, to be differentiated together. */
interface Point {
  readonly θ: Params;
  readonly v: Vector;
}

/** The length scale of t in θ + t u where u is as large as θ: a product of two dozen factors that depend on t is smooth within it. */
const LENGTH = 1 / 16;

/** A v that G(θ) maps to a vector of length about 1, so that every quantity below is of that size. */
function vectorFor(rng: Rng, { preconditioner: G, theta }: PreconditionerSample): Vector {
  const size = norm2(array(dense(G.at(theta), { dtype: G.dtype }))) || 1;
  return scale(1 / size, normal(rng, [G.dim], { dtype: G.dtype }));
}

const flat = (tree: Params): number[] => leaves(tree).flatMap((t) => [...array(t)]);

/** The point moved by t along a direction. */
const moved = (p: Params, u: Params, t: Tensor): Params =>
  addTrees(
    p,
    map((d: Tensor) => mul(d, t as Scalar), u),
  );

/** d/dt f(p + t u) at 0 by central differences, for a scalar f, and the largest |f| met. */
function slope(f: (p: Params) => Scalar, p: Params, u: Params): { readonly derivative: number; readonly size: number } {
  const { derivative, size } = differenceColumn((t) => f(moved(p, u, t as Tensor)), [scalar(0)], 0, 0, LENGTH);
  return { derivative: derivative[0] ?? Number.NaN, size: size[0] ?? Number.NaN };
}

/** Compares a derivative with central differences. The error of either side is relative to the sizes that met in it, not to their sum. */
function expectSlope(
  what: string,
  got: number,
  f: (p: Params) => Scalar,
  p: Params,
  u: Params,
  scaleOfF: number,
  roundings: number,
): number {
  const { derivative, size } = slope(f, p, u);
  expectClose(what, got, derivative, tolerance(got, size + scaleOfF, LENGTH, 8 * Math.sqrt(roundings)));
  return 1;
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
    const u = direction(rng, p, 1);
    const φ = readout(sample, w);
    const slopeByPullback = inner(flat(grad(φ)(p)), flat(u));
    return expectSlope(`∂⟨w, G(θ) v⟩ of ${sample.name}`, slopeByPullback, φ, p, u, norm2(array(w)), sample.roundings);
  },
};

export const curvatureLaw: Law<PreconditionerSample> = {
  name: "the derivative of the pullback agrees with central differences",
  check: (sample, rng) => {
    const p: Params = { θ: sample.theta, v: vectorFor(rng, sample) };
    const w = normal(rng, [sample.preconditioner.dim]);
    const [u, z] = [direction(rng, p, 1), direction(rng, p, 1)];
    const φ = readout(sample, w);
    const ψ = (q: Params): Scalar =>
      leaves(map((g: Tensor, d: Tensor) => sum(mul(g, d)), grad(φ)(q), z)).reduce((a, b) => add(a, b)) as Scalar;
    const terms = norm2(flat(grad(φ)(p))) * norm2(flat(z));
    const slopeByHvp = inner(flat(hvp(φ, p, u)), flat(z));
    return expectSlope(`∂²⟨w, G(θ) v⟩ of ${sample.name}`, slopeByHvp, ψ, p, u, terms, sample.roundings);
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
    const endToEnd = flat(grad(loss)(θ));
    const g = grad(ℓ)(sub(x, G.at(θ).apply(m)));
    const byChainRule = flat(vjp((θ: Params) => G.at(θ).apply(m), θ)[1](neg(g)));
    const size = norm2(endToEnd) + norm2(array(g));
    expectNear(`∂ℓ/∂θ of ${sample.name}`, byChainRule, endToEnd, operatorTolerance(roundings, "float64") * size);
    const u = direction(rng, θ, 1);
    return 1 + expectSlope(`∂ℓ/∂θ of ${sample.name}`, inner(endToEnd, flat(u)), loss, θ, u, norm2(array(g)), roundings + G.dim ** 2);
  },
};
