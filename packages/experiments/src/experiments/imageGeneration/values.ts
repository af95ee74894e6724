import { sourcedValues, table6, type Values, type ValuesSource } from "../../tunedValues.ts";
import type { Setting } from "../experiment.ts";
import { describeValues } from "../trialSettings.ts";

const task = "image-generation";

/** Table 6's values of LODO's ablations, as far as they are known. No-Momentum is LODO with β = 0 at its other values. */
function ablations(): Readonly<Record<string, Values>> {
  const { metaLearningRate = 0, alpha0 = 0 } = table6[task]?.["lodo"] ?? {};
  return {
    "lodo-diagonal": { metaLearningRate: 0.0005196, beta: 0.986, alpha0: 0.1325 },
    "lodo-global": { beta: 0.9525, alpha0: 0.05583 },
    "lodo-residuals": { beta: 0.9301, alpha0: 0.02134 },
    "lodo-sgd": { metaLearningRate: 0.0007196, beta: 0.9499, alpha0: 0.1035 },
    "lodo-no-momentum": { metaLearningRate, alpha0 },
  };
}

/** Ours for those of Table 6 that are not known to us: round numbers, not tuned. */
const lost: Readonly<Record<string, Values>> = {
  rmsprop: { learningRate: 3e-5 },
  lars: { weightDecay: 1e-5 },
  "lodo-global": { metaLearningRate: 1e-5 },
  "lodo-residuals": { metaLearningRate: 1e-5 },
};

/** What an optimizer runs with, and whose each value is. */
export interface ImageValues {
  /** Found by the authors' tuning, or where asked for by ours. */
  readonly tuned: Values;
  readonly source: ValuesSource;
  /** Ours, in the place of lost ones. */
  readonly ours: Values;
}

/** @throws RangeError if Table 6 has no such optimizer. */
export function imageValues(name: string, wanted: ValuesSource = "paper"): ImageValues {
  const { values, source } = sourcedValues(task, name, wanted);
  if (source === "ours") return { tuned: values, source, ours: {} };
  const tuned = source === "paper" ? values : ablations()[name];
  if (tuned === undefined) throw new RangeError(`Table 6 has no ${name} on ${task}`);
  return { tuned, source: "paper", ours: lost[name] ?? {} };
}

/** All of them together. */
export const valuesOf = (name: string, wanted?: ValuesSource): Values => {
  const { tuned, ours } = imageValues(name, wanted);
  return { ...tuned, ...ours };
};

/** The same in words. */
export function valueSettings(names: readonly string[], wanted?: ValuesSource): readonly Setting[] {
  return names.map((name) => {
    const { tuned, source, ours } = imageValues(name, wanted);
    const own = Object.keys(ours).length === 0 ? "" : `; ${describeValues(ours)} (ours, untuned: Table 6's is not known to us)`;
    return { name, value: `${describeValues(tuned)} (${source === "paper" ? "Table 6" : "lodo tune"})${own}` };
  });
}
