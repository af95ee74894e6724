import { adam, type GradientTransform, lodo, type Optimizer, sgd } from "@lodo/optim";
import {
  blockPermutation,
  chain,
  compose,
  embed,
  hiddenWidth,
  type Layers,
  type Preconditioner,
  scaleOperator,
} from "@lodo/preconditioner";
import { array, createRng, item, normal, type Tensor, vector } from "@lodo/tensor";
import fc from "fast-check";
import { type Structured, type StructuredCase, structuredAt, structuredCases } from "./apparatus/structuredCases.ts";
import { toTensor } from "./apparatus/symmetricMatrix.ts";
import { conditioning, distances } from "./apparatus/trajectoryConditioning.ts";
import { type PlainMeta, plainAdam, plainSgd, type TwinPoint, type TwinRun, twinTrajectory } from "./apparatus/twinTrajectory.ts";
import { bowl } from "./apparatus/wanderingBowl.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

interface Case extends StructuredCase {
  readonly meta: keyof typeof metas;
  /** β */
  readonly beta: number;
  readonly steps: number;
}

/** The preconditioner that LODO runs with, from the one of equation (2). */
type Subject = (G: Preconditioner<Layers>) => Preconditioner<Layers>;

interface Meta {
  readonly plain: PlainMeta;
  readonly transform: () => GradientTransform<Layers, unknown>;
}

const metas: Readonly<Record<"adam" | "sgd", Meta>> = {
  adam: { plain: plainAdam(0.001), transform: () => adam<Layers>({ learningRate: 0.001 }) },
  sgd: { plain: plainSgd(0.01), transform: () => sgd<Layers>({ learningRate: 0.01 }) },
};

const permutationsOf = (G: Preconditioner<Layers>): readonly Int32Array[] => G.fixed["permutations"] as readonly Int32Array[];

/** The same trajectory by the library. */
function libraryTrajectory(G: Preconditioner<Layers>, { meta, beta }: Case, { H, centres, x0 }: TwinRun): TwinPoint[] {
  const optimizer: Optimizer<{ readonly theta: Layers }> = lodo(G, { meta: metas[meta].transform(), beta });
  let x = vector(x0);
  let state = optimizer.init(x, createRng(1));
  return centres.map((centre) => {
    const update = optimizer.update(bowl(toTensor(H), vector(centre)), x, state);
    ({ x, state } = update);
    return { x: [...array(x)], θ: [...array(state.theta)], loss: item(update.evaluations[0] as Tensor) };
  });
}

function runOf(c: Case, { H, θ, rng }: Structured): TwinRun {
  const draws = rng.split("draws");
  const step = (): number[] => Array.from({ length: c.n }, () => 0.1 * draws.normal());
  let centre = step();
  const centres = Array.from({ length: c.steps }, () => {
    const s = step();
    centre = centre.map((cᵢ, i) => cᵢ + (s[i] as number));
    return centre;
  });
  return { H, centres, x0: [...array(normal(draws, [c.n]))], θ0: [...array(θ)], beta: c.beta, meta: metas[c.meta].plain };
}

export const structuredIsDense: Claim = defineClaim<Case, Subject>({
  id: "structured-is-dense",
  reference: "Algorithm 1, equation (2)",
  statement:
    "LODO with the structured G of equation (2) is LODO with the same G held as a dense matrix, multiplied out from full blocks and permutations, with its " +
    "hypergradient in closed form: x, θ and the loss agree over whole trajectories up to rounding, as far as the trajectory leaves rounding below 10⁻⁶.",
  status: "proved",
  cases: fc
    .tuple(structuredCases, fc.constantFrom<keyof typeof metas>("adam", "sgd"), fc.constantFrom(0, 0.5, 0.9), fc.constantFrom(5, 20, 40))
    .map(([c, meta, beta, steps]) => ({ ...c, meta, beta, steps })),
  runs: 25,
  subject: (G) => G,
  wrong: {
    "a missing transpose: G̃ G̃ in place of G̃ᵀ G̃": (G) => ({
      ...G,
      at: (θ) => {
        const [G̃, E] = [chain(permutationsOf(G), θ), embed(G.dim, hiddenWidth(G.dim, θ.shape[2]))];
        return scaleOperator(G.alpha0, compose(E.transpose(), G̃, G̃, E));
      },
    }),
    "the permutations in the opposite order": (G) => ({
      ...G,
      at: (θ) => {
        const permutations = [...permutationsOf(G)].reverse();
        return blockPermutation({ dim: G.dim, depth: θ.shape[0], blockSize: θ.shape[2], alpha0: G.alpha0, permutations }).at(θ);
      },
    }),
    "a wrong α₀: larger by 10⁻⁹": (G) => ({ ...G, at: (θ) => scaleOperator(1 + 1e-9, G.at(θ)) }),
    "a θ that is never learned": (G) => ({ ...G, at: () => G.at(G.init(createRng(1))) }),
  },
  margin(c, structured) {
    const sample = structuredAt(c);
    const run = runOf(c, sample);
    const plain = twinTrajectory(sample.twin, run);
    const κ = conditioning(sample, run, plain);
    const margins = distances(plain, libraryTrajectory(structured(sample.G), c, run)).map((distance, t) => {
      // Each step is off by 8 √R ε in either computation, as rounding errors are as good as independent (Higham & Mary 2019), and the rest of the
      // trajectory magnifies that by κ at most.
      const tolerance = 8 * Math.sqrt(sample.roundings) * 2 ** -52 * (κ[t] as number) * (t + 1);
      // Where rounding can grow to anything, there is nothing to compare.
      return tolerance < 1e-6 ? equalityMargin(distance, tolerance) : 1;
    });
    return Math.min(...margins);
  },
});
