import type { StepTimes } from "./measureSteps.ts";
import { stepParts } from "./stopwatch.ts";

/** A part of a step in a few words, and its share of the step. */
export interface Share {
  readonly title: string;
  readonly share: number;
}

const titles = { task: "task", product: "G m", pullBack: "pull-back", metaOptimizer: "meta-optimizer", other: "other" } as const;

/** What the parts of a step are called, in their order. */
export const shareTitles: readonly string[] = Object.values(titles);

/** Where the time of a step goes; undefined where nobody measured it. The shares sum up to 1. */
export const sharesOf = ({ secondsPerStep, parts }: StepTimes): readonly Share[] | undefined =>
  parts && [...stepParts, "other" as const].map((part) => ({ title: titles[part], share: parts[part] / secondsPerStep }));

export const formatShare = (share: number): string => `${Math.round(100 * share)}%`;
