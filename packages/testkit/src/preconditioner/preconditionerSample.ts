import type { Cost, LinearOperator, Preconditioner, RegisteredArchitecture } from "@lodo/preconditioner";
import { createRng, type DType, leaves, map, type Params, type Rng, type Tensor } from "@lodo/tensor";
import { type Arbitrary, constantFrom, integer, record } from "fast-check";
import { drawnValues, edgeValues, type Values } from "../property/hyperparameterValues.ts";
import { sizeOf } from "../property/plainTree.ts";
import type { CaseData, CaseSource } from "../property/search.ts";
import { addTrees, direction } from "../property/slope.ts";

/** A case of an architecture as plain data. */
export interface PreconditionerData extends CaseData {
  /** n */
  readonly dim: number;
  /** How far θ lies from θ₀, in root mean squares of each tensor of θ₀. */
  readonly distance: number;
  readonly values: Values;
}

/** A preconditioner with a θ away from its start. */
export interface PreconditionerSample {
  readonly name: string;
  readonly preconditioner: Preconditioner;
  readonly theta0: Params;
  readonly theta: Params;
  /** Products and sums on the way from v to G(θ) v, at most. */
  readonly roundings: number;
  /** What the architecture says that one application takes. */
  readonly cost: Cost;
  /** The same preconditioner built again from the same seed, and where its θ₀ is drawn from. */
  make(dtype?: DType): Preconditioner;
  startRng(): Rng;
  /** The same preconditioner at twice its α₀; null where the architecture has none to choose. */
  doubled(): Preconditioner | null;
  /** The same preconditioner from what is fixed about it, and nothing to draw from. */
  rebuild(fixed: Preconditioner["fixed"]): Preconditioner;
}

/** θ with other tensors in the places of its own. */
export function withLeaves<P extends Params>(θ: P, tensors: readonly Tensor[]): P {
  let i = 0;
  return map(() => tensors[i++] as Tensor, θ);
}

/** G(θ) at the θ of the sample. */
export const operatorOf = ({ preconditioner, theta }: PreconditionerSample): LinearOperator => preconditioner.at(theta);

const EDGES = [
  { dim: 1, distance: 0.5 },
  { dim: 3, distance: 2 },
  { dim: 2, distance: 0.125 },
  { dim: 7, distance: 0.5 },
] as const;

/** Cases of an architecture: n from 1 to 12, hyperparameters over their domains, θ near its start and far from it. */
export function preconditionerCases(architecture: RegisteredArchitecture): CaseSource<PreconditionerData, PreconditionerSample> {
  const { id } = architecture;
  const data: Arbitrary<PreconditionerData> = record({
    dim: integer({ min: 1, max: 12 }),
    distance: constantFrom(0.125, 0.5, 2),
    values: drawnValues(architecture),
    seed: integer({ min: 1, max: 2 ** 31 - 1 }),
  });
  const edges = edgeValues(architecture).flatMap((values, i) => EDGES.map((edge, j) => ({ ...edge, values, seed: 1 + i + 10 * j })));
  return { name: id, data, edges, build: (drawn) => preconditionerSample(architecture, drawn) };
}

function preconditionerSample(
  architecture: RegisteredArchitecture,
  { dim, distance, values, seed }: PreconditionerData,
): PreconditionerSample {
  const rng = createRng(seed);
  const build = (dtype: DType, chosen: Values): Preconditioner => architecture.create({ dim, dtype, rng: rng.split("structure") }, chosen);
  const make = (dtype: DType = "float64"): Preconditioner => build(dtype, values);
  const alpha0 = (values["alpha0"] ?? architecture.hyperparameters["alpha0"]?.default) as number | undefined;
  const startRng = (): Rng => rng.split("start");
  const preconditioner = make();
  const theta0 = preconditioner.init(startRng());
  const theta = addTrees(theta0, direction(rng.split("theta"), theta0, distance));
  return {
    name: `${architecture.id} at n = ${dim}`,
    preconditioner,
    theta0,
    theta,
    roundings: 4 * (sizeOf(leaves(theta0)) + dim),
    cost: architecture.cost({ dim }, values),
    make,
    startRng,
    doubled: () => (alpha0 === undefined ? null : build("float64", { ...values, alpha0: 2 * alpha0 })),
    rebuild: (fixed) => architecture.create({ dim }, { ...values, ...fixed }),
  };
}
