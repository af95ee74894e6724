import { sourcedValues, type Values, type ValuesSource } from "../../tunedValues.ts";
import type { Setting } from "../experiment.ts";
import { describeValues } from "../trialSettings.ts";

/** What Table 6 says of a task of images, beside what is in tunedValues.ts. */
export interface ImageTaskValues {
  readonly task: string;
  /** Ours for those of Table 6 that are not known to us: round numbers, not tuned. */
  readonly lost: Readonly<Record<string, Values>>;
}

/** What an optimizer runs with, and whose each value is. */
interface ImageValues {
  /** Found by the authors' tuning, or where asked for by ours. */
  readonly tuned: Values;
  readonly source: ValuesSource;
  /** Ours, in the place of lost ones. */
  readonly ours: Values;
}

/** @throws RangeError if Table 6 has no such optimizer. */
function imageValues({ task, lost }: ImageTaskValues, name: string, wanted: ValuesSource = "paper"): ImageValues {
  const { values, source } = sourcedValues(task, name, wanted);
  if (source === "ours") return { tuned: values, source, ours: {} };
  if (source !== "paper") throw new RangeError(`Table 6 has no ${name} on ${task}`);
  return { tuned: values, source, ours: lost[name] ?? {} };
}

/** All of them together. */
export const valuesOf = (of: ImageTaskValues, name: string, wanted?: ValuesSource): Values => {
  const { tuned, ours } = imageValues(of, name, wanted);
  return { ...tuned, ...ours };
};

/** The same in words. */
export function valueSettings(of: ImageTaskValues, names: readonly string[], wanted?: ValuesSource): readonly Setting[] {
  return names.map((name) => {
    const { tuned, source, ours } = imageValues(of, name, wanted);
    const own = Object.keys(ours).length === 0 ? "" : `; ${describeValues(ours)} (ours, untuned: Table 6's is not known to us)`;
    return { name, value: `${describeValues(tuned)} (${source === "paper" ? "Table 6" : "lodo tune"})${own}` };
  });
}
