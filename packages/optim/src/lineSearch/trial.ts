/** A step α along a line, with φ(α) and φ′(α). */
export interface Sample {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

/** The interval in which steps are sought: from the best sample so far to another; open on the far side until a minimum is bracketed. */
export interface Interval {
  readonly best: Sample;
  readonly other: Sample;
  readonly bracketed: boolean;
}

/** What a trial that does not end the search leads to. */
export interface Trial {
  readonly interval: Interval;
  /** The next step to try. */
  readonly step: number;
}

/** Inside a bracket, an extrapolation goes at most this part of the way to its far end. */
const CLOSEST = 0.66;

/**
 * The next step to try, from what was found at t, and the interval that goes with it: the four cases of Moré & Thuente (1994), Section 4. Each
 * compares the minimum of the cubic through two samples with that of a parabola, or with the zero of a secant. They are those of φ(α) − tilt · α.
 * `least` and `greatest` bound the step while there is no bracket.
 */
export function nextTrial(
  { best, other, bracketed }: Interval,
  t: Sample,
  { tilt, least, greatest }: { readonly tilt: number; readonly least: number; readonly greatest: number },
): Trial {
  const tilted = ({ step, value, slope }: Sample): Sample => ({ step, value: value - step * tilt, slope: slope - tilt });
  const [x, y, p] = [tilted(best), tilted(other), tilted(t)];
  const far = p.step > x.step ? greatest : least;
  // Case 1. Higher: a minimum lies in between. The cubic's where it is nearer to the best than the parabola's, else half-way between the two.
  if (p.value > x.value) {
    const [cubic, parabola] = [cubicMinimum(x, p), parabolaMinimum(x, p)];
    const cubicIsNearer = Math.abs(cubic - x.step) < Math.abs(parabola - x.step);
    return { interval: { best, other: t, bracketed: true }, step: cubicIsNearer ? cubic : cubic + (parabola - cubic) / 2 };
  }
  // Case 2. Lower, and the slope has turned: a minimum lies in between. The farther from the trial of cubic and secant.
  if (p.slope * Math.sign(x.slope) < 0) {
    const [cubic, secant] = [cubicMinimum(p, x), secantZero(p, x)];
    const cubicIsFarther = Math.abs(cubic - p.step) > Math.abs(secant - p.step);
    return { interval: { best: t, other: best, bracketed: true }, step: cubicIsFarther ? cubic : secant };
  }
  const interval: Interval = { best: t, other, bracketed };
  // Case 4. Lower and no less steep: the minimum of the cubic to the far end of the bracket, or as far as allowed.
  if (!(Math.abs(p.slope) < Math.abs(x.slope))) return { interval, step: bracketed ? cubicMinimum(p, y) : far };
  // Case 3. Lower and less steep: a minimum lies ahead. Of cubic and secant the nearer inside a bracket, the farther outside.
  const [cubic, secant] = [cubicAhead(p, x, far), secantZero(p, x)];
  const [toCubic, toSecant] = [Math.abs(cubic - p.step), Math.abs(secant - p.step)];
  if (!bracketed) return { interval, step: Math.max(least, Math.min(greatest, toCubic > toSecant ? cubic : secant)) };
  const nearer = toCubic < toSecant ? cubic : secant;
  const limit = p.step + CLOSEST * (y.step - p.step);
  return { interval, step: p.step > x.step ? Math.min(limit, nearer) : Math.max(limit, nearer) };
}

/** θ = 3 (φ(a) − φ(b))/(b − a) + φ′(a) + φ′(b), and the root of its discriminant: what the cubic through two samples is made of. */
function cubicThrough(a: Sample, b: Sample): { readonly θ: number; readonly γ: number } {
  const θ = (3 * (a.value - b.value)) / (b.step - a.step) + a.slope + b.slope;
  const s = Math.max(Math.abs(θ), Math.abs(a.slope), Math.abs(b.slope));
  // γ = √(θ² − φ′(a) φ′(b)), scaled against overflow
  const γ = s * Math.sqrt(Math.max(0, (θ / s) * (θ / s) - (a.slope / s) * (b.slope / s)));
  return { θ, γ: b.step < a.step ? -γ : γ };
}

/** Where the cubic through two samples has its minimum, reckoned from a. */
function cubicMinimum(a: Sample, b: Sample): number {
  const { θ, γ } = cubicThrough(a, b);
  const r = (γ - a.slope + θ) / (γ - a.slope + γ + b.slope);
  return a.step + r * (b.step - a.step);
}

/** The same where it lies beyond t, seen from the best; where the cubic falls for ever, the far bound. */
function cubicAhead(t: Sample, best: Sample, far: number): number {
  const { θ, γ } = cubicThrough(t, best);
  const r = (γ - t.slope + θ) / (γ + (best.slope - t.slope) + γ);
  return r < 0 && γ !== 0 ? t.step + r * (best.step - t.step) : far;
}

/** The minimum of the parabola through φ(a), φ′(a), φ(b). */
const parabolaMinimum = (a: Sample, b: Sample): number =>
  a.step + (a.slope / ((a.value - b.value) / (b.step - a.step) + a.slope) / 2) * (b.step - a.step);

/** Where the line through both slopes is zero. */
const secantZero = (a: Sample, b: Sample): number => a.step + (a.slope / (a.slope - b.slope)) * (b.step - a.step);
