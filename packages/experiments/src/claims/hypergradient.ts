import { type GradientTransform, lodo } from "@lodo/optim";
import type { Layers, Preconditioner } from "@lodo/preconditioner";
import { array, map, normal, vector, zeros, zerosLike } from "@lodo/tensor";
import { Matrix as Dense } from "ml-matrix";
import { twinAt } from "./apparatus/denseTwin.ts";
import { length, minus } from "./apparatus/plainVectors.ts";
import { type Structured, type StructuredCase, structuredAt, structuredCases } from "./apparatus/structuredCases.ts";
import { toTensor } from "./apparatus/symmetricMatrix.ts";
import { bowl } from "./apparatus/wanderingBowl.ts";
import { type Claim, defineClaim, equalityMargin } from "./claim.ts";

/** Where a step is taken, on a bowl with its centre at 0. */
interface Place {
  readonly x: readonly number[];
  readonly m: readonly number[];
  readonly H: Dense;
}

/** ∂ℓ_{t+1}/∂θ_t */
type Subject = (G: Preconditioner<Layers>, θ: Layers, place: Place) => readonly number[];

/** What LODO hands to its meta-optimizer. */
const throughTheStep: Subject = (G, θ, { x, m, H }) => {
  let seen: readonly number[] = [];
  const watching: GradientTransform<Layers, null> = {
    name: "watching",
    init: () => null,
    update: (g) => {
      seen = [...array(g)];
      return [map(zerosLike, g), null];
    },
  };
  lodo(G, { meta: watching }).update(bowl(toTensor(H), zeros([x.length])), vector(x), { theta: θ, m: vector(m), meta: null });
  return seen;
};

/** The step of central differences, a power of two, so that θ ± h u loses little. */
const h = 2 ** -9;

/** f′(0) with an error of fourth order: (f(−2h) − 8 f(−h) + 8 f(h) − f(2h))/12h */
const centralDifference = (f: (h: number) => number, h: number): number => (f(-2 * h) - 8 * f(-h) + 8 * f(h) - f(2 * h)) / (12 * h);

/** How well the hypergradient tells the change of the loss after the step along a random direction of θ. */
function differencesMargin({ twin, θ, rng, roundings }: Structured, { x, m, H }: Place, hypergradient: readonly number[]): number {
  const θ0 = [...array(θ)];
  const u = θ0.map(() => rng.normal());
  const along = u.map((uᵢ) => uᵢ / length(u));
  const lossAt = (h: number): number => {
    const { G } = twinAt(
      twin,
      θ0.map((θᵢ, i) => θᵢ + h * (along[i] as number)),
    );
    const b = Dense.columnVector(minus(x, G.mmul(Dense.columnVector([...m])).to1DArray()));
    return 0.5 * b.transpose().mmul(H.mmul(b)).get(0, 0);
  };
  const [fine, coarse] = [centralDifference(lossAt, h), centralDifference(lossAt, 2 * h)];
  const slope = hypergradient.reduce((sum, hᵢ, i) => sum + hᵢ * (along[i] as number), 0);
  // Truncation: the coarse difference is off by 16 times as much, so they are 15 errors apart. Rounding: 18/12 losses over h, whose terms are at most
  // (‖x‖ + 2 ‖G‖ ‖m‖)² with ‖G‖ = ‖H‖ = 1.
  const rounding = ((8 * Math.sqrt(roundings) * 2 ** -52 * 1.5) / h) * (length(x) + 2 * length(m)) ** 2;
  return equalityMargin(Math.abs(slope - fine), Math.abs(fine - coarse) + rounding);
}

export const hypergradient: Claim = defineClaim<StructuredCase, Subject>({
  id: "hypergradient",
  reference: "Algorithm 1, equations (1) and (2)",
  statement:
    "The hypergradient that is back-propagated through the step is its closed form, ∂ℓ/∂Bᵢ = −α₀ (cᵢ(g) zᵢ(m)ᵀ + cᵢ(m) zᵢ(g)ᵀ) with the layers' inputs z and the signals c " +
    "propagated back from the other vector's output, and it is the slope of the loss after the step by central differences of fourth order.",
  status: "proved",
  cases: structuredCases,
  runs: 80,
  subject: throughTheStep,
  wrong: {
    "a sign": (G, θ, place) => throughTheStep(G, θ, place).map((hᵢ) => -hᵢ),
    "a wrong α₀: 1": (G, θ, place) => throughTheStep(G, θ, place).map((hᵢ) => hᵢ / G.alpha0),
    "another place: x = m": (G, θ, { m, H }) => throughTheStep(G, θ, { x: m, m, H }),
    "a missing transpose: θ's blocks transposed": (G, θ, place) => {
      const [N, b, k] = θ.shape;
      const seen = throughTheStep(G, θ, place);
      return Array.from({ length: N * b * k * k }, (_, at) => {
        const [block, i, j] = [Math.floor(at / (k * k)), Math.floor(at / k) % k, at % k];
        return seen[(block * k + j) * k + i] as number;
      });
    },
  },
  margin(c, hypergradientOf) {
    const sample = structuredAt(c);
    const [x, m] = [[...array(normal(sample.rng, [c.n]))], [...array(normal(sample.rng, [c.n]))]];
    const place: Place = { x, m, H: sample.H };
    const seen = hypergradientOf(sample.G, sample.θ, place);
    const twin = twinAt(sample.twin, array(sample.θ));
    // g = H (x − G m)
    const g = sample.H.mmul(Dense.columnVector(minus(x, twin.G.mmul(Dense.columnVector(m)).to1DArray()))).to1DArray();
    const closed = twin.hypergradient(g, m);
    // 2 √R ε (Higham & Mary 2019) for each of two ways through G and back, of what meets on them: g and m, and both blown up as the result is.
    const rounding = 64 * Math.sqrt(sample.roundings) * 2 ** -52 * (length(closed) + (length(x) + length(m)) * length(m));
    const differences = [1, 2, 3].map(() => differencesMargin(sample, place, seen));
    return Math.min(equalityMargin(length(minus(closed, seen)), rounding), ...differences);
  },
});
