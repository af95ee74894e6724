import { count, decay, type Hyperparameter } from "@lodo/preconditioner";

/** The factor of step t = 0, 1, …: a pure function. */
export type Schedule = (t: number) => number;

/** T, how long a schedule runs. Nobody can guess it, so there is no default: whoever leaves it out is told. */
export const length: Hyperparameter<number> = count(Number.NaN, 1, "T, steps from beginning to end");

/** Where a schedule that ends below 1, ends. */
export const end: Hyperparameter<number> = decay(0, "factor at the end");

/** The share of a schedule that has passed: t/T, and 1 from T on. */
export const progress = (t: number, T: number): number => Math.min(1, t / T);
