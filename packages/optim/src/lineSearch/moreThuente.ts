import { ArgumentError } from "@lodo/tensor";
import { type Interval, nextTrial, type Sample } from "./trial.ts";

export interface MoreThuenteOptions {
  /** μ: how much of the decrease that φ′(0) promises is enough. */
  readonly ftol?: number;
  /** η: to what part of |φ′(0)| the slope must fall. */
  readonly gtol?: number;
  /** The relative width of the bracket at which the search gives up. */
  readonly xtol?: number;
  /** The bounds of the step. */
  readonly least?: number;
  readonly greatest?: number;
}

/** Where a search stands between two trials: plain numbers. */
export interface MoreThuenteSearch extends Interval {
  readonly options: Required<MoreThuenteOptions>;
  /** φ(0) and φ′(0). */
  readonly start: Sample;
  /** The step to try next. */
  readonly step: number;
  /** While φ(α) − μ φ′(0) α has shown no minimum, the search is for one of that function. */
  readonly stage: 1 | 2;
  /** The bounds within which the next extrapolation lies; the bracket once there is one. */
  readonly low: number;
  readonly high: number;
  /** The width of the bracket, and what it was before. */
  readonly width: number;
  readonly widthBefore: number;
}

/** How a search ended; only `converged` satisfies both conditions. */
export interface SearchEnd {
  readonly reason: "converged" | "rounding" | "bracket-below-xtol" | "at-greatest-step" | "at-least-step" | "not-finite";
  /** The lowest sample: the accepted one where the search converged. */
  readonly best: Sample;
}

/** Beyond the trial, the next may be this many times the way from the best. */
const [NEAR, FAR] = [1.1, 4];
/** A bracket that shrank less than to this in two trials is halved. */
const SHRINKING = 0.66;

/**
 * The line search of Moré & Thuente (1994), as a state machine: evaluate φ at `step`, tell `advanceSearch`, and so on until it says that it has ended.
 * It seeks φ(α) ≤ φ(0) + μ φ′(0) α and |φ′(α)| ≤ η |φ′(0)|, the strong Wolfe conditions.
 * @throws ArgumentError unless φ′(0) < 0, the first step lies within the bounds, and tolerances are at least 0.
 */
export function beginSearch(
  { value, slope }: Omit<Sample, "step">,
  step: number,
  { ftol = 1e-4, gtol = 0.9, xtol = 1e-16, least = 0, greatest = 1e10 }: MoreThuenteOptions = {},
): MoreThuenteSearch {
  const refuse = (what: string): never => {
    throw new ArgumentError("moreThuente", what);
  };
  if (!(slope < 0)) refuse(`expected a slope φ′(0) below 0, got ${slope}`);
  if (!(least >= 0 && least <= greatest)) refuse(`expected bounds 0 ≤ least ≤ greatest, got ${least} and ${greatest}`);
  if (!(step >= least && step <= greatest)) refuse(`expected a first step in [${least}, ${greatest}], got ${step}`);
  for (const [name, tolerance] of Object.entries({ ftol, gtol, xtol }))
    if (!(tolerance >= 0)) refuse(`${name} must be at least 0, got ${tolerance}`);
  const start: Sample = { step: 0, value, slope };
  const width = greatest - least;
  return {
    options: { ftol, gtol, xtol, least, greatest },
    start,
    best: start,
    other: start,
    bracketed: false,
    step,
    stage: 1,
    low: 0,
    high: step + FAR * step,
    width,
    widthBefore: 2 * width,
  };
}

/**
 * What was found at `search.step`: the next trial, or the end. Where φ or φ′ is not finite, the search goes on half-way to the best step, and no
 * further from then on.
 */
export function advanceSearch(search: MoreThuenteSearch, { value, slope }: Omit<Sample, "step">): MoreThuenteSearch | SearchEnd {
  const { options, start, step: α, best } = search;
  if (!Number.isFinite(value) || !Number.isFinite(slope)) {
    const middle = best.step + (α - best.step) / 2;
    if (middle === best.step || middle === α || middle < options.least) return { reason: "not-finite", best };
    return { ...search, options: { ...options, greatest: Math.max(middle, best.step) }, step: middle, high: Math.min(search.high, middle) };
  }
  const t: Sample = { step: α, value, slope };
  // φ(α) ≤ φ(0) + μ φ′(0) α
  const promised = options.ftol * start.slope;
  const enough = value <= start.value + α * promised;
  const reason = endOf(search, t, enough);
  if (reason) return { reason, best: value <= best.value ? t : best };
  const stage = search.stage === 1 && enough && slope >= 0 ? 2 : search.stage;
  const tilt = stage === 1 && value <= best.value && !enough ? promised : 0;
  const trial = nextTrial(search, t, { tilt, least: search.low, greatest: search.high });
  return withNextBounds({ ...search, ...trial.interval, stage }, trial.step);
}

function endOf({ options, start, bracketed, low, high }: MoreThuenteSearch, t: Sample, enough: boolean): SearchEnd["reason"] | null {
  const { ftol, gtol, xtol, least, greatest } = options;
  // |φ′(α)| ≤ η |φ′(0)|
  if (enough && Math.abs(t.slope) <= gtol * -start.slope) return "converged";
  if (t.step === least && (!enough || t.slope >= ftol * start.slope)) return "at-least-step";
  if (t.step === greatest && enough && t.slope <= ftol * start.slope) return "at-greatest-step";
  if (bracketed && high - low <= xtol * high) return "bracket-below-xtol";
  if (bracketed && (t.step <= low || t.step >= high)) return "rounding";
  return null;
}

/** The bounds for the step after this one. A bracket that shrinks too slowly is halved; where nothing is left inside it, the best is tried again. */
function withNextBounds(search: MoreThuenteSearch, proposed: number): MoreThuenteSearch {
  const { options, best, other, bracketed } = search;
  const clamp = (step: number): number => Math.min(Math.max(step, options.least), options.greatest);
  if (!bracketed) {
    const ahead = proposed - best.step;
    return { ...search, step: clamp(proposed), low: proposed + NEAR * ahead, high: proposed + FAR * ahead };
  }
  const width = Math.abs(other.step - best.step);
  const halved = width >= SHRINKING * search.widthBefore ? best.step + 0.5 * (other.step - best.step) : proposed;
  const [low, high] = [Math.min(best.step, other.step), Math.max(best.step, other.step)];
  const step = clamp(halved);
  const exhausted = step <= low || step >= high || high - low <= options.xtol * high;
  return { ...search, step: exhausted ? best.step : step, low, high, width, widthBefore: search.width };
}
