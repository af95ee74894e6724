import { kernels, leaves, normal, type Strided, withBackend } from "@lodo/tensor";
import { Counterexample } from "../counterexample.ts";
import type { Law } from "../law.ts";
import { sizeOf } from "../property/plainTree.ts";
import { partsOf } from "./operatorLaws.ts";
import { operatorOf, type PreconditionerSample } from "./preconditionerSample.ts";

const size = ({ shape }: Strided): number => shape.reduce((a, b) => a * b, 1);

/** Multiplications that one call of a kernel makes, for those that make any. */
const multiplications: Readonly<Record<string, (...args: never[]) => number>> = {
  mul: (x: Strided) => size(x),
  div: (x: Strided) => size(x),
  matmul: (A: Strided, B: Strided) => size(A) * (B.shape[2] as number),
  chainForward: (_: unknown, θ: Strided) => size(θ),
  chainGramForward: (_: unknown, θ: Strided) => 2 * size(θ),
  residualChainForward: (_: unknown, W: Strided) => size(W),
};

/** Multiplications made while f runs. */
function countMultiplications(f: () => void): number {
  let count = 0;
  const counting = Object.entries(multiplications).flatMap(([name, of]) => {
    const kernel = kernels.get(name);
    if (!kernel) return [];
    const counted = (...args: never[]): unknown => {
      count += of(...args);
      return kernel.reference(...args);
    };
    return [[name, counted] as const];
  });
  withBackend({ name: "counting", kernels: new Map(counting) }, f);
  return count;
}

/** Index lists that G reads: those it fixed, and those its parts were built with. */
function indicesOf({ preconditioner, theta }: PreconditionerSample): number {
  const lists = new Set<Int32Array>(Object.values(preconditioner.fixed).flat());
  for (const { structure } of partsOf(preconditioner.at(theta))) {
    if (structure.kind === "chain" || structure.kind === "residualChain") for (const P of structure.permutations) lists.add(P);
  }
  return [...lists].reduce((total, list) => total + list.length, 0);
}

/** The published cost, against what is really held and really multiplied. */
export const costLaw: Law<PreconditionerSample> = {
  name: "costs what it says: parameters, multiply-adds, bytes",
  check: (sample, rng) => {
    const { name, preconditioner: G, theta, cost } = sample;
    const v = normal(rng, [G.dim]);
    const parameters = sizeOf(leaves(theta));
    const measured = {
      parameters,
      multiplyAdds: countMultiplications(() => void operatorOf(sample).apply(v)),
      bytes: parameters * Float64Array.BYTES_PER_ELEMENT + indicesOf(sample) * Int32Array.BYTES_PER_ELEMENT,
    };
    for (const [quantity, n] of Object.entries(measured)) {
      const said = cost[quantity as keyof typeof cost];
      if (said !== n) throw new Counterexample(`${quantity} of ${name}: expected ${n} as measured, and it says ${said}`);
    }
    return 3;
  },
};
