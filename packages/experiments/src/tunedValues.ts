import { optimizers } from "@lodo/optim";
import { readTuned } from "./tasks/tuned/tuned.ts";

/** Hyperparameters of an optimizer by name, as its registration spells them. */
export type Values = Readonly<Record<string, number | string>>;

/**
 * Table 6: what the authors' tuning found, by task and optimizer. Of the columns of image-generation and image-classification RMSprop's learning rate,
 * LARS's weight decay and the meta-learning rates of LODO-Global and LODO-Residuals are not known to us, and the defaults hold. LODO-No-Momentum is
 * LODO with β = 0 at its other values. After the search the authors halved the learning rates of image-generation, LODO's
 * α₀ among them, because longer runs diverged (Appendix E): as far as their code shows, these are the halved ones.
 */
export const table6: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  "noisy-quadratic-bowl": {
    adam: { learningRate: 1.164, b1: 0.465, b2: 0.9884 },
    momentum: { learningRate: 1.394, momentum: 0.529 },
    rmsprop: { learningRate: 0.449, rho: 0.04943, momentum: 0.595 },
    yogi: { learningRate: 2.169, b1: 0.4362, b2: 0.9999723 },
    "l-bfgs": { learningRate: 1.204, tau: 23002 },
    "o-lbfgs": { learningRate: 1.05, tau: 36721 },
    lodo: { metaLearningRate: 0.00096, beta: 0.195, alpha0: 0.27 },
  },
  rosenbrock: {
    adam: { learningRate: 0.9704, b1: 0.864, b2: 0.99804 },
    momentum: { learningRate: 0.0987, momentum: 0.9359 },
    rmsprop: { learningRate: 0.004318, rho: 0.02836, momentum: 0.88 },
    yogi: { learningRate: 0.2991, b1: 0.9273, b2: 0.998787 },
    lodo: { metaLearningRate: 0.0001394, beta: 0.897, alpha0: 0.2946 },
  },
  "image-generation": {
    adam: { learningRate: 0.0009554, b1: 0.9323, b2: 0.99505 },
    momentum: { learningRate: 0.003411, momentum: 0.964 },
    rmsprop: { rho: 0.002258, momentum: 0.936 },
    yogi: { learningRate: 0.000934, b1: 0.9319, b2: 0.999708 },
    lars: { learningRate: 0.0008552, momentum: 0.9343 },
    lodo: { metaLearningRate: 7.946e-6, beta: 0.9343, alpha0: 0.08459 },
    "lodo-diagonal": { metaLearningRate: 0.0005196, beta: 0.986, alpha0: 0.1325 },
    "lodo-global": { beta: 0.9525, alpha0: 0.05583 },
    "lodo-residuals": { beta: 0.9301, alpha0: 0.02134 },
    "lodo-sgd": { metaLearningRate: 0.0007196, beta: 0.9499, alpha0: 0.1035 },
    "lodo-no-momentum": { metaLearningRate: 7.946e-6, alpha0: 0.08459 },
  },
  "image-classification": {
    adam: { learningRate: 0.0004295, b1: 0.9562, b2: 0.99814 },
    momentum: { learningRate: 0.009942, momentum: 0.99409 },
    rmsprop: { rho: 0.03338, momentum: 0.9394 },
    yogi: { learningRate: 0.001829, b1: 0.973, b2: 0.9828 },
    lars: { learningRate: 0.002516, momentum: 0.9385 },
    lodo: { metaLearningRate: 0.0001134, beta: 0.949, alpha0: 0.1725 },
  },
};

/** Whose tuning: the authors', Table 6, or ours, by `lodo tune --save`. */
export type ValuesSource = "paper" | "ours";

/** Values, and where they come from: where there are none, the optimizer's defaults hold. */
export interface SourcedValues {
  readonly values: Values;
  readonly source: ValuesSource | "defaults";
}

/** The values of an optimizer on a task from the source asked for; ours fall back to the paper's, and both to the defaults (Newton's method has none). */
export function sourcedValues(task: string, optimizer: string, wanted: ValuesSource = "paper"): SourcedValues {
  const ours = wanted === "ours" ? readTuned(task)[optimizer]?.values : undefined;
  if (ours) return { values: ours, source: "ours" };
  const paper = table6[task]?.[optimizer];
  return paper ? { values: paper, source: "paper" } : { values: {}, source: "defaults" };
}

/** The same without their source. */
export const tunedValues = (task: string, optimizer: string, wanted: ValuesSource = "paper"): Values =>
  sourcedValues(task, optimizer, wanted).values;

/** Of what an optimizer is tuned in, that which its entry in Table 6 lacks: nothing where it is complete, or there is none. */
export function missingFromTable6(task: string, optimizer: string): readonly string[] {
  const entry = table6[task]?.[optimizer];
  const tunable = optimizers.find(({ id }) => id === optimizer)?.tunable ?? [];
  return entry ? tunable.filter((key) => !(key in entry)) : [];
}

/** Whose tuning found these values on a task; null if nobody's found just these. */
export function sourceOf(task: string, values: Values): ValuesSource | null {
  if (Object.keys(values).length === 0) return null;
  const isAmong = (found: readonly Values[]): boolean => found.some((each) => JSON.stringify(each) === JSON.stringify(values));
  if (isAmong(Object.values(table6[task] ?? {}))) return "paper";
  return isAmong(Object.values(readTuned(task)).map((entry) => entry.values)) ? "ours" : null;
}
