import { readFileSync } from "node:fs";
import { advanceSearch, beginSearch, type MoreThuenteSearch, type SearchEnd, searchLine } from "@lodo/optim";
import { ArgumentError, portable } from "@lodo/tensor";
import { casesFactor, suiteSeed } from "@lodo/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly name: string;
  readonly options: {
    readonly ftol: number;
    readonly gtol: number;
    readonly xtol: number;
    readonly least: number;
    readonly greatest: number;
  };
  readonly first: number;
  readonly start: { readonly value: number; readonly slope: number };
  /** α, φ(α), φ′(α) */
  readonly trials: readonly (readonly [number, number, number])[];
  /** How MINPACK-2 says that it ended. */
  readonly end: string;
}

const golden = JSON.parse(readFileSync(new URL("../../../test/golden/dcsrch.json", import.meta.url), "utf8")) as readonly Golden[];

const ends: Readonly<Record<string, SearchEnd["reason"] | null>> = {
  CONVERGENCE: "converged",
  "WARNING: STP = STPMAX": "at-greatest-step",
  "WARNING: STP = STPMIN": "at-least-step",
  "WARNING: XTOL TEST SATISFIED": "bracket-below-xtol",
  "WARNING: ROUNDING ERRORS PREVENT PROGRESS": "rounding",
  // cut off by the recording
  FG: null,
};

describe("Moré–Thuente against MINPACK-2's dcsrch", () => {
  /**
   * Fed with the recorded φ and φ′, each step comes from a few dozen operations on the recorded steps before it. They cancel: a step is a difference
   * from the best, and γ a difference of squares, which halves the digits at worst; 1e-7 would be that worst case, and 1e-9 is what the records need.
   */
  it.each(golden.map((g) => [`${g.name} from ${g.first}`, g] as const))("%s", (_, { options, first, start, trials, end }) => {
    let search: MoreThuenteSearch | SearchEnd = beginSearch(start, first, options);
    for (const [step, value, slope] of trials) {
      if ("reason" in search) throw new Error(`ended with ${search.reason} before the step ${step}`);
      expect(Math.abs(search.step - step)).toBeLessThanOrEqual(1e-9 * Math.abs(step));
      search = advanceSearch({ ...search, step }, { value, slope });
    }
    expect("reason" in search ? search.reason : null).toBe(ends[end]);
  });
});

/** A smooth function of one variable that falls at 0 and rises in the end: ¼ (α − a)⁴ + ½ b (α − a)² + c sin(ω α) with its slope. */
interface Drawn {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly ω: number;
}

const φOf =
  ({ a, b, c, ω }: Drawn) =>
  (α: number): { readonly value: number; readonly slope: number } => {
    const d = α - a;
    return {
      value: 0.25 * d * d * d * d + 0.5 * b * d * d + c * portable.sin(ω * α),
      slope: d * d * d + b * d + c * ω * portable.cos(ω * α),
    };
  };

const drawnFunction = fc.record({
  a: fc.integer({ min: 1, max: 40 }).map((i) => i / 4),
  b: fc.constantFrom(0, 0.1, 3),
  c: fc.constantFrom(0, 0.2, -1),
  ω: fc.constantFrom(1, 5),
  first: fc.constantFrom(1e-3, 0.1, 1, 30, 1000),
  ftol: fc.constantFrom(1e-4, 0.1),
  gtol: fc.constantFrom(0.9, 0.2),
});

describe("what a search finds", () => {
  it("satisfies the strong Wolfe conditions", () => {
    let converged = 0;
    fc.assert(
      fc.property(drawnFunction, ({ first, ftol, gtol, ...drawn }) => {
        const φ = φOf(drawn);
        const at0 = φ(0);
        fc.pre(at0.slope < 0);
        const { reason, best } = searchLine(φ, beginSearch(at0, first, { ftol, gtol }), 60);
        expect(best.value).toBeLessThanOrEqual(at0.value);
        expect(φ(best.step)).toEqual({ value: best.value, slope: best.slope });
        expect(reason).toBe("converged");
        converged++;
        expect(best.value).toBeLessThanOrEqual(at0.value + ftol * best.step * at0.slope);
        expect(Math.abs(best.slope)).toBeLessThanOrEqual(gtol * -at0.slope);
      }),
      { numRuns: 200 * casesFactor(process.env), seed: suiteSeed(process.env) },
    );
    expect(converged).toBeGreaterThan(100);
  });

  it("is the same from a search that was written down between any two trials", () => {
    const φ = φOf({ a: 7, b: 0.1, c: -1, ω: 5 });
    const steps = (keep: (search: MoreThuenteSearch) => MoreThuenteSearch): readonly number[] => {
      const tried: number[] = [];
      let search: MoreThuenteSearch | SearchEnd = beginSearch(φ(0), 0.01, { gtol: 0.01 });
      while (!("reason" in search)) {
        const current = keep(search);
        tried.push(current.step);
        search = advanceSearch(current, φ(current.step));
      }
      return tried;
    };
    const direct = steps((search) => search);
    expect(direct.length).toBeGreaterThan(4);
    expect(steps((search) => JSON.parse(JSON.stringify(search)) as MoreThuenteSearch)).toEqual(direct);
    expect(steps((search) => Object.freeze(search))).toEqual(direct);
  });

  it("lies where φ is finite, when trials beyond are not", () => {
    // (α − 2)² up to α = 3, and nothing after
    const φ = (α: number): { readonly value: number; readonly slope: number } =>
      α <= 3 ? { value: (α - 2) * (α - 2), slope: 2 * (α - 2) } : { value: Number.NaN, slope: 0 };
    for (const first of [0.01, 4, 100]) {
      const { reason, best } = searchLine(φ, beginSearch(φ(0), first, { gtol: 0.1 }), 40);
      expect(["converged", "at-greatest-step"]).toContain(reason);
      expect(best.step).toBeLessThanOrEqual(3);
      expect(best.value).toBeLessThan(3);
    }
  });

  it("goes half-way back to the best step from one where φ is not finite", () => {
    const ahead = advanceSearch(beginSearch({ value: 0, slope: -1 }, 1), { value: -1, slope: -1 }) as MoreThuenteSearch;
    expect([ahead.best.step, ahead.step]).toEqual([1, 5]);
    const back = advanceSearch(ahead, { value: Number.NaN, slope: -1 }) as MoreThuenteSearch;
    expect([back.best.step, back.step, back.options.greatest]).toEqual([1, 3, 3]);
  });

  it("is nothing where φ is finite nowhere else", () => {
    const start = { value: 1, slope: -1 };
    const { reason, best } = searchLine(() => ({ value: Number.NaN, slope: Number.NaN }), beginSearch(start, 1), 5000);
    expect({ reason, best }).toEqual({ reason: "not-finite", best: { step: 0, ...start } });
  });

  it("is the best so far when evaluations run out", () => {
    const φ = φOf({ a: 10, b: 0, c: 0, ω: 1 });
    const { reason, best } = searchLine(φ, beginSearch(φ(0), 1e-6, { gtol: 1e-6 }), 3);
    expect(reason).toBe("too-many-evaluations");
    expect(best.value).toBeLessThan(φ(0).value);
  });
});

it.each<readonly [string, () => unknown, string]>([
  ["a slope that does not fall", () => beginSearch({ value: 1, slope: 0 }, 1), "expected a slope φ′(0) below 0, got 0"],
  ["a slope that is NaN", () => beginSearch({ value: 1, slope: Number.NaN }, 1), "got NaN"],
  [
    "a first step beyond its bounds",
    () => beginSearch({ value: 1, slope: -1 }, 3, { greatest: 2 }),
    "expected a first step in [0, 2], got 3",
  ],
  ["bounds the wrong way round", () => beginSearch({ value: 1, slope: -1 }, 1, { least: 2, greatest: 1 }), "got 2 and 1"],
  ["a tolerance below 0", () => beginSearch({ value: 1, slope: -1 }, 1, { gtol: -0.5 }), "gtol must be at least 0, got -0.5"],
])("refuses %s", (_, begin, words) => {
  expect(begin).toThrow(ArgumentError);
  expect(begin).toThrow(words);
});
