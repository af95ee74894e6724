import { optimizers } from "@lodo/optim";
import { groupBy } from "../groupBy.ts";
import { sourceOf, type Values, type ValuesSource } from "../tunedValues.ts";
import type { Setting } from "./experiment.ts";
import type { Trial } from "./trial.ts";

const sources: Readonly<Record<ValuesSource, string>> = { paper: "Table 6", ours: "lodo tune" };

const pair = ([key, value]: readonly [string, number | string]): string => `${key} = ${value}`;

/** `beta = 0.195, alpha0 = 0.27` */
export const describeValues = (values: Values): string => Object.entries(values).map(pair).join(", ");

type Tuned = Pick<Trial, "name" | "column" | "values"> & Partial<Pick<Trial, "task">>;

/** The hyperparameters of every optimizer in a column, as printed on the page: those set, with whose tuning found them, or else the defaults. `columns` says which to show. */
export function trialSettings(trials: readonly Tuned[], columns: readonly string[]): readonly Setting[] {
  const shown = trials.filter(({ column }) => columns.includes(column));
  return groupBy(shown, ({ name, column }) => `${name} ${column}`).map(([trial]) => {
    const { name, column, task, values } = trial as Tuned;
    const source = task === undefined ? null : sourceOf(task, values);
    const set = Object.entries(values).map((entry) => pair(entry));
    const rest = Object.entries(optimizers.find(({ id }) => id === name)?.hyperparameters ?? {});
    const usual = rest.map(([key, { default: value }]) => `${pair([key, value])} (by default)`);
    const value = [set, usual].find(({ length }) => length > 0)?.join(", ") ?? "nothing to set";
    return { name: columns.length > 1 ? `${name}, ${column}` : name, value: source ? `${value} (${sources[source]})` : value };
  });
}
