import type { DType } from "@lodo/tensor";
import { DataError } from "../../data/errors.ts";
import { experiments, headline } from "../../experiments/index.ts";
import { byTime, type Target, targets } from "../../experiments/targets.ts";
import { groupBy } from "../../groupBy.ts";
import type { DataIdentity } from "../../tasks/task.ts";
import { asUsage, UsageError } from "../errors.ts";
import { byId } from "../suggest.ts";
import type { ReproduceOptions } from "./reproduceOptions.ts";

/** @throws UsageError naming the nearest id. */
export function askedFor(ids: readonly string[], { all = false, seconds }: ReproduceOptions): readonly Target[] {
  if (all && ids.length > 0) throw new UsageError(`--all is everything, and cannot be narrowed to ${ids.join(", ")}`);
  const wanted = all ? experiments.map(({ id }) => id) : ids.length > 0 ? ids : headline;
  const asked = [...new Set(wanted)].map((id) => byId("table or figure", id, targets));
  return seconds === undefined ? asked : asked.map((target) => timed(target, seconds));
}

/** @throws UsageError if the target makes no sense by time, naming those that do. */
function timed(target: Target, seconds: number): Target {
  const found = byTime(target, seconds);
  if (found) return found;
  const able = targets.filter((each) => byTime(each, seconds) !== null).map(({ id }) => id);
  throw new UsageError(`${target.id} cannot be run by time; --seconds is for ${able.join(", ")}`);
}

/** The folder of a report that was not told where to go. */
export function folderName(ids: readonly string[], { all = false, preset, seconds, hyperparameters }: ReproduceOptions): string {
  const what = all ? "all" : ids.length > 0 ? [...new Set(ids)].join("-") : "headline";
  return `${what}-${seconds === undefined ? "" : `${seconds}s-`}${preset}${hyperparameters === "tuned" ? "-tuned" : ""}`;
}

/** The data that what is asked for needs, each once. @throws UsageError if some cannot be had, with what to put where. */
export function dataOf(asked: readonly Target[]): readonly DataIdentity[] {
  const found = asked.flatMap(({ id, experiment }) => {
    const data = asUsage(DataError, () => named(id, () => experiment.data?.()));
    return data ? [data] : [];
  });
  return groupBy(found, ({ digest }) => digest).flatMap(([first]) => first ?? []);
}

/** What `f` returns; where data cannot be had, the error says for what. */
function named<T>(id: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw error instanceof DataError ? new DataError(`${id} needs data: ${error.message}`, { cause: error }) : error;
  }
}

/** What all can compute in. */
export const dtypeOf = (asked: readonly Target[]): DType =>
  asked.every(({ experiment }) => experiment.dtype === "float32") ? "float32" : "float64";
