import { array, createRng, neg, scale, stopGradient, Tensor, TensorError, tensor, zerosLike } from "@lodo/tensor";
import { checkLaw } from "./conformsToPrimitive.ts";
import { Counterexample } from "./counterexample.ts";
import { pulledBack } from "./derivatives.ts";
import { jacobianLaw } from "./laws/jacobian.ts";
import { primitiveLaws } from "./laws/primitiveLaws.ts";
import { callsDuring, withPrimitive } from "./recording.ts";
import type { Operation } from "./sample.ts";

/** A primitive with one mistake in it. */
export interface Mutant {
  readonly primitive: string;
  /** What is wrong: "cotangent 1 negated". */
  readonly mistake: string;
  /** Runs f with the mistake in place. */
  readonly during: <T>(f: () => T) => T;
}

type Thunk = (() => Tensor) | null;

const spoilt: Readonly<Record<string, (thunk: () => Tensor) => Tensor>> = {
  "× (1 + 1e-5)": (thunk) => scale(1 + 1e-5, thunk()),
  negated: (thunk) => neg(thunk()),
  dropped: (thunk) => zerosLike(thunk()),
  "without derivatives of its own": (thunk) => stopGradient(thunk()),
};

const vjpMutant = (primitive: string, mistake: string, change: (thunks: readonly Thunk[], ct: Tensor) => readonly Thunk[]): Mutant => ({
  primitive,
  mistake,
  during: (f) => withPrimitive(primitive, (p) => ({ vjp: (ct, context) => change(p.vjp(ct, context), ct) }), f),
});

/** The cotangents of addition are equal: exchanging them changes nothing. */
const SYMMETRIC: ReadonlySet<string> = new Set(["add"]);

/** By 1 + 1e-5, without the help of a primitive: it may be the very one that is being spoilt. */
const enlarged = (t: Tensor): Tensor =>
  tensor(
    array(t).map((x) => (1 + 1e-5) * x),
    t.shape,
    { dtype: t.dtype },
  );

/** Every mistake of the list that a primitive can have: in each cotangent, between neighbours, and in the value. */
export function mutantsOf(primitive: string, thunks: readonly ("zero" | "cotangent")[]): readonly Mutant[] {
  const inOne = thunks.flatMap((kind, i) =>
    kind === "zero"
      ? [vjpMutant(primitive, `cotangent ${i} passed on where it is zero`, (ts, ct) => ts.with(i, () => ct))]
      : Object.entries(spoilt).map(([mistake, spoil]) =>
          vjpMutant(primitive, `cotangent ${i} ${mistake}`, (ts) => ts.map((t, k) => (k === i && t ? () => spoil(t) : t))),
        ),
  );
  const swapped = thunks.slice(1).flatMap((kind, i) => {
    const swap = (ts: readonly Thunk[]): readonly Thunk[] => ts.with(i, ts[i + 1] ?? null).with(i + 1, ts[i] ?? null);
    const same = SYMMETRIC.has(primitive) || (kind === "zero" && thunks[i] === "zero");
    return same ? [] : [vjpMutant(primitive, `cotangents ${i} and ${i + 1} swapped`, (ts) => (ts.length > i + 1 ? swap(ts) : ts))];
  });
  const value: Mutant = {
    primitive,
    mistake: "value × (1 + 1e-5)",
    during: (f) =>
      withPrimitive(
        primitive,
        (p) => ({
          forward: (attrs, ...ins) => {
            const { out, ...rest } = p.forward(attrs, ...ins);
            return { out: enlarged(new Tensor(out)).storage, ...rest };
          },
        }),
        f,
      ),
  };
  return [...inOne, ...swapped, value];
}

/** The samples among these in which a primitive takes part, forward or backward: each as an operation of its own, the primitive's own first. */
export function samplesUsing(primitive: string, operations: readonly Operation[]): readonly Operation[] {
  const using = operations.flatMap(({ name, samples }) =>
    samples
      .filter((sample) => {
        const xs = sample.inputs(createRng(1));
        return callsDuring(() => [sample.f(...xs), pulledBack(sample)(...xs)]).some((call) => call.name === primitive);
      })
      .map((sample) => ({ name, samples: [sample] })),
  );
  return [...using.filter(({ name }) => name === primitive), ...using.filter(({ name }) => name !== primitive)];
}

/** Which cotangents a primitive has in these samples; at most the first three, where the number of inputs varies. */
export function thunksOf(primitive: string, operations: readonly Operation[]): readonly ("zero" | "cotangent")[] {
  let seen: readonly ("zero" | "cotangent")[] = [];
  const probe = (ts: readonly Thunk[]): readonly Thunk[] => {
    if (ts.length > seen.length) seen = ts.slice(0, 3).map((t) => (t ? "cotangent" : "zero"));
    return ts;
  };
  vjpMutant(primitive, "none", probe).during(() => {
    for (const operation of operations) checkLaw(jacobianLaw, operation);
  });
  return seen;
}

/**
 * The law that notices the mutant, on the first sample where one does; null if the mutant survives them all. It counts as noticed when a law
 * is broken, or an operation refuses what the mistake hands it.
 */
export function noticedBy({ during }: Mutant, operations: readonly Operation[]): string | null {
  for (const operation of operations) {
    for (const law of primitiveLaws) {
      try {
        during(() => checkLaw(law, operation));
      } catch (error) {
        const { cause } = error as Counterexample;
        if (cause instanceof Counterexample || cause instanceof TensorError) return law.name;
        throw error;
      }
    }
  }
  return null;
}
