import { adam, type GradientTransform, sgd } from "@lodo/optim";
import type { Layers } from "@lodo/preconditioner";
import fc from "fast-check";
import { type BowlRunCase, bowlRun, tunedRate } from "./apparatus/bowlRun.ts";
import { seeds } from "./apparatus/cases.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case extends BowlRunCase {
  /** σ², at least 1/100. */
  readonly variance: number;
}

/** The meta-optimizer at every scale. */
type Subject = () => GradientTransform<Layers, unknown>;

/** Three digits: half a unit of the third, where it counts least. */
const threeDigits = 5e-3;

/** A variance at which hypergradients are far below ε. */
const tooQuiet = 1e-9;

export const noiseScale: Claim = defineClaim<Case, Subject>({
  id: "noise-scale",
  reference: "Table 7, Section 5.1",
  statement:
    "LODO's loss divided by the noise variance is the same regardless of the noise, as far as Adam's ε may be ignored (Section 5.1): to three digits from " +
    "variance 1/100 up, as Table 7 has it. At 10⁻⁹ hypergradients are as small as ε = 10⁻⁷, LODO learns slower, and it is off by more.",
  status: "argued",
  cases: fc.record({
    n: fc.integer({ min: 12, max: 16 }),
    depth: fc.constant(8),
    steps: fc.constant(80),
    seed: seeds,
    variance: fc.constantFrom(1e-2, 1e-1, 10, 1e3, 1e6),
  }),
  runs: 6,
  subject: () => adam<Layers>({ learningRate: tunedRate }),
  wrong: {
    "SGD as meta-optimizer: a wrong α at every scale but one": () => sgd<Layers>({ learningRate: tunedRate }),
    "a wrong ε: 10⁻³": () => adam<Layers>({ learningRate: tunedRate, eps: 1e-3 }),
  },
  margin({ variance, ...run }, meta) {
    // Losses for each unit of variance, after the first half.
    const losses = (v: number): number[] =>
      bowlRun(run, Math.sqrt(v), meta())
        .losses.slice(run.steps / 2)
        .map((loss) => loss / v);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const usual = mean(losses(1));
    const difference = (v: number): number => Math.abs(mean(losses(v)) / usual - 1);
    return Math.min(equalityMargin(difference(variance), threeDigits), difference(tooQuiet) / (4 * threeDigits) - 1);
  },
});
