import { adam, type GradientTransform, sgd } from "@lodo/optim";
import type { Layers } from "@lodo/preconditioner";
import fc from "fast-check";
import { type BowlRunCase, bowlRun, tunedRate } from "./apparatus/bowlRun.ts";
import { seeds } from "./apparatus/cases.ts";
import { type Claim, defineClaim } from "./claim.ts";

interface Case extends BowlRunCase {
  /** c */
  readonly factor: number;
}

/** The meta-optimizer for noise that is c times as large. */
type Subject = (c: number) => GradientTransform<Layers, unknown>;

const ε = 1e-7;

const adamWith = (eps: number): GradientTransform<Layers, unknown> => adam<Layers>({ learningRate: tunedRate, eps });

export const scaleEquivariance: Claim = defineClaim<Case, Subject>({
  id: "scale-equivariance",
  reference: "Section 5.1, Table 7",
  statement:
    "LODO is equivariant to the scale of the noise: with noise c σ, and ε c² for Adam's ε as hypergradients scale by c², it has c x_t, c m_t, c² times the losses and the " +
    "same θ_t: to the bit, where c is a power of two.",
  status: "argued",
  cases: fc.record({
    n: fc.integer({ min: 1, max: 8 }),
    depth: fc.integer({ min: 1, max: 4 }),
    steps: fc.constantFrom(5, 20, 60),
    seed: seeds,
    factor: fc.constantFrom(2 ** -10, 1 / 4, 1 / 2, 2, 8, 2 ** 10),
  }),
  runs: 30,
  subject: (c) => adamWith(c * c * ε),
  wrong: {
    "an ε that is not scaled": () => adamWith(ε),
    "an ε that is scaled by c": (c) => adamWith(c * ε),
    "SGD as meta-optimizer: a wrong α at every scale but one": () => sgd<Layers>({ learningRate: tunedRate }),
  },
  margin({ factor: c, ...run }, metaAt) {
    const [plain, scaled] = [bowlRun(run, 1, metaAt(1)), bowlRun(run, c, metaAt(c))];
    const times = (a: number, u: readonly number[], v: readonly number[]): boolean => u.every((uᵢ, i) => a * uᵢ === v[i]);
    const equal =
      times(c, plain.x, scaled.x) &&
      times(c, plain.m, scaled.m) &&
      times(1, plain.θ, scaled.θ) &&
      times(c * c, plain.losses, scaled.losses);
    return equal ? 1 : -1;
  },
});
