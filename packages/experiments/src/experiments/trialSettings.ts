import { groupBy } from "../groupBy.ts";
import type { Setting } from "./experiment.ts";
import type { Trial } from "./trial.ts";

/** The hyperparameters of every optimizer in a column, as printed on the page; `columns` says which to show. */
export function trialSettings(trials: readonly Trial[], columns: readonly string[]): readonly Setting[] {
  const shown = trials.filter(({ column }) => columns.includes(column));
  return groupBy(shown, ({ name, column }) => `${name} ${column}`).map(([trial]) => {
    const { name, column, values } = trial as Trial;
    const pairs = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
    return { name: columns.length > 1 ? `${name}, ${column}` : name, value: pairs.length === 0 ? "nothing to set" : pairs.join(", ") };
  });
}
