import { deserialize, serialize } from "@lodo/optim";
import { dense, type Preconditioner } from "@lodo/preconditioner";
import { array, cast, epsilon, eye, leaves, map, normal, type Params, type Rng, scale, type Tensor, type Vector, vjp } from "@lodo/tensor";
import { Counterexample, expectClose, expectSameBits, expectShape } from "../counterexample.ts";
import type { Law } from "../law.ts";
import { fusedLaw as fusedCallsLaw } from "../laws/fused.ts";
import { expectNear, norm2, rowsOf } from "../property/linearAlgebra.ts";
import { deepCopy, expectPlainTree, expectSameTree } from "../property/plainTree.ts";
import { costLaw } from "./costLaw.ts";
import { curvatureLaw, hypergradientLaw, pullbackLaw } from "./derivativeLaws.ts";
import { dtypeLaw, type OperatorSample, operatorLaws, operatorTolerance } from "./operatorLaws.ts";
import { operatorOf, type PreconditionerSample, withLeaves } from "./preconditionerSample.ts";

/** G(θ) as an operator in its own right. */
const asOperator = (sample: PreconditionerSample): OperatorSample => ({
  name: `G(θ) of ${sample.name}`,
  operator: operatorOf(sample),
  dtype: sample.preconditioner.dtype,
  roundings: sample.roundings,
});

const ofOperator = (law: Law<OperatorSample>): Law<PreconditionerSample> => ({
  name: `G(θ) away from θ₀: ${law.name}`,
  check: (sample, rng) => law.check(asOperator(sample), rng),
});

const shapeLaw: Law<PreconditionerSample> = {
  name: "is n × n, of its dtype, and θ₀ and what is fixed are plain trees",
  check: ({ name, preconditioner: G, theta0 }) => {
    expectShape(`G(θ₀) of ${name}`, G.at(theta0).shape, [G.dim, G.dim]);
    for (const t of leaves(theta0)) {
      if (t.dtype !== G.dtype) throw new Counterexample(`θ₀ of ${name}: expected ${G.dtype} as the preconditioner is, got ${t.dtype}`);
    }
    expectPlainTree(`θ₀ of ${name}`, theta0);
    expectPlainTree(`fixed of ${name}`, G.fixed);
    return 1;
  },
};

/** What is only "approximate" must still be finite, and descend on average over directions: tr G(θ₀) > 0. */
const startLaw: Law<PreconditionerSample> = {
  name: "starts where it says: G(θ₀) = α₀ I where exact",
  check: ({ name, preconditioner: G, theta0, roundings }) => {
    const A = rowsOf(dense(G.at(theta0), { dtype: G.dtype }));
    const trace = A.reduce((s, row, i) => s + (row[i] ?? Number.NaN), 0);
    if (G.start === "approximate") {
      if (!(trace > 0 && Number.isFinite(norm2(A.flat()))))
        throw new Counterexample(`G(θ₀) of ${name}: expected a finite matrix of positive trace`);
      return 1;
    }
    const expected = array(scale(G.alpha0, eye(G.dim)));
    return expectNear(`G(θ₀) − α₀ I of ${name}`, A.flat(), expected, operatorTolerance(roundings, G.dtype) * norm2(expected));
  },
};

/** α₀ is a factor of G(θ₀), also where the start is only approximate, and the α₀ that a preconditioner names is the one that it was given. */
const rateLaw: Law<PreconditionerSample> = {
  name: "of twice the α₀ it starts at twice G(θ₀)",
  check: (sample) => {
    const { name, preconditioner: G, theta0, roundings } = sample;
    const twice = sample.doubled();
    if (!twice) return 0;
    expectClose(`α₀ of ${name} at twice the rate`, twice.alpha0, 2 * G.alpha0, 4 * epsilon.float64 * G.alpha0);
    const got = array(dense(twice.at(twice.init(sample.startRng()))));
    const expected = array(scale(2, dense(G.at(theta0))));
    return 1 + expectNear(`G(θ₀) of ${name} at twice the rate`, got, expected, operatorTolerance(roundings, G.dtype) * norm2(expected));
  },
};

/** Everything that G computes from (θ, v): value, transpose and both cotangents. */
function outcome(G: Preconditioner, θ: Params, v: Vector): readonly Tensor[] {
  const [y, pullback] = vjp((args: { readonly θ: Params; readonly v: Vector }) => G.at(args.θ).apply(args.v), { θ, v });
  return [y, G.at(θ).transpose().apply(v), ...leaves(pullback(v))];
}

const vectorFor = (rng: Rng, { preconditioner: G }: PreconditionerSample): Vector => normal(rng, [G.dim], { dtype: G.dtype });

const deterministicLaw: Law<PreconditionerSample> = {
  name: "the same seed gives the same bits, whatever was computed in between",
  check: (sample, rng) => {
    const { name, preconditioner: G, theta, theta0 } = sample;
    const [u, v] = [vectorFor(rng, sample), vectorFor(rng, sample)];
    const once = outcome(G, theta, v);
    outcome(G, theta0, u);
    expectSameTree(`${name} a second time`, outcome(G, theta, v), once);
    const again = sample.make();
    expectSameTree(`fixed of ${name} built again`, again.fixed, G.fixed);
    again.init(rng);
    expectSameTree(`θ₀ of ${name} drawn again`, again.init(sample.startRng()), theta0);
    expectSameTree(`${name} built again`, outcome(again, theta, v), once);
    return 3;
  },
};

const pureLaw: Law<PreconditionerSample> = {
  name: "changes neither θ nor v nor what is fixed",
  check: (sample, rng) => {
    const { name, preconditioner: G, theta } = sample;
    const inputs = { theta, v: vectorFor(rng, sample), fixed: G.fixed };
    const before = deepCopy(inputs);
    outcome(G, theta, inputs.v);
    expectSameTree(`${name} afterwards`, inputs, before);
    return 1;
  },
};

const savedLaw: Law<PreconditionerSample> = {
  name: "saved and loaded, θ and what is fixed give the same operator to the bit",
  check: (sample, rng) => {
    const { name, preconditioner: G, theta } = sample;
    const loaded = deserialize(serialize({ theta, fixed: G.fixed })) as { readonly theta: Params; readonly fixed: Preconditioner["fixed"] };
    expectSameTree(`${name} loaded`, loaded, { theta, fixed: G.fixed });
    const v = vectorFor(rng, sample);
    expectSameTree(`${name} rebuilt`, outcome(sample.rebuild(loaded.fixed), loaded.theta, v), outcome(G, theta, v));
    return 2;
  },
};

/** Both compute on the same numbers, those that float32 holds; the roundings of float32 are all that may differ. */
const float32Law: Law<PreconditionerSample> = {
  name: "float32 agrees with float64",
  check: (sample, rng) => {
    const { name, preconditioner: G, theta, roundings } = sample;
    const single = map((t: Tensor) => cast(t, "float32"), theta);
    const v = cast(normal(rng, [G.dim]), "float32");
    const A = sample.make("float32").at(single);
    const B = G.at(map((t: Tensor) => cast(t, "float64"), single));
    const got = A.apply(v);
    if (got.dtype !== "float32") throw new Counterexample(`G v of ${name} in float32: expected float32, got ${got.dtype}`);
    const size = norm2(array(dense(B))) * norm2(array(v));
    const tolerance = operatorTolerance(roundings, "float32") * size;
    expectNear(`G v of ${name} in float32`, array(got), array(B.apply(cast(v, "float64"))), tolerance);
    expectSameBits(
      `dtype of θ₀ of ${name} in float32`,
      leaves(sample.make("float32").init(rng)).map((t) => epsilon[t.dtype]),
      leaves(theta).map(() => epsilon.float32),
    );
    return 2;
  },
};

/** Wherever G or its transpose uses a fused primitive. */
const fusedLaw: Law<PreconditionerSample> = {
  name: fusedCallsLaw.name,
  check: (sample, rng) => {
    const { name, preconditioner: G, theta, roundings } = sample;
    const inputs = [...leaves(theta), vectorFor(rng, sample)];
    const f = (...xs: readonly Tensor[]): Tensor => {
      const A = G.at(withLeaves(theta, xs.slice(0, -1)));
      return A.transpose().apply(A.apply(xs.at(-1) as Vector));
    };
    const reference = (): never => {
      throw new Counterexample(`${name} has no plain reference`);
    };
    return fusedCallsLaw.check({ name, inputs: () => inputs, f, h: 1, roundings, reference }, rng);
  },
};

/** What every preconditioner obeys, in the order in which a mistake is best understood. */
export const preconditionerLaws: readonly Law<PreconditionerSample>[] = [
  shapeLaw,
  ...operatorLaws.map(ofOperator),
  ofOperator(dtypeLaw),
  startLaw,
  rateLaw,
  deterministicLaw,
  pureLaw,
  savedLaw,
  pullbackLaw,
  curvatureLaw,
  hypergradientLaw,
  float32Law,
  fusedLaw,
  costLaw,
];
