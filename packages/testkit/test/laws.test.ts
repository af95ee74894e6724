import { add, array, createRng, emptyStorage, mul, type Primitive, scale, stopGradient, Tensor, tensor, zerosLike } from "@lodo/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkLaw } from "../src/conformsToPrimitive.ts";
import { expressions } from "../src/graphs/expression.ts";
import { graphLaw } from "../src/graphs/graphLaw.ts";
import { primitiveLaws } from "../src/laws/primitiveLaws.ts";
import { mutantsOf, noticedBy, samplesUsing, thunksOf } from "../src/mutants.ts";
import { withPrimitive } from "../src/recording.ts";
import type { Operation } from "../src/sample.ts";
import { chainOperation } from "../src/samples/chain.ts";
import { tensorOperations } from "../src/samples/tensorOperations.ts";

type Erased = Primitive<unknown, unknown>;

/** A way for a primitive to be wrong that one law is there to notice. */
interface Sabotage {
  readonly primitive: string;
  readonly change: (p: Erased) => Partial<Erased>;
}

/** The first cotangent replaced. */
const cotangent =
  (f: (honest: () => Tensor, ct: Tensor, ins: readonly Tensor[]) => Tensor) =>
  (p: Erased): Partial<Erased> => ({
    vjp: (ct, context) => p.vjp(ct, context).map((t, i) => (i === 0 && t ? () => f(t, ct, context.ins) : t)),
  });

/** The value replaced by other numbers, in the shape that was asked for. */
const value =
  (f: (numbers: readonly number[], ins: Parameters<Erased["forward"]>[1][]) => readonly number[]) =>
  (p: Erased): Partial<Erased> => ({
    forward: (attrs, ...ins) => {
      const { out, ...rest } = p.forward(attrs, ...ins);
      const honest = new Tensor(out);
      return { out: tensor(f([...array(honest)], ins), honest.shape, { dtype: honest.dtype }).storage, ...rest };
    },
  });

const spoil = (xs: readonly number[]): readonly number[] => xs.map((x) => x * (1 + 1e-5));

const sabotages: Readonly<Record<string, Sabotage>> = {
  "values agree with the plain reference": { primitive: "neg", change: value(spoil) },
  "the Jacobian agrees with central differences": { primitive: "neg", change: cotangent((t) => scale(1 + 1e-5, t())) },
  "the derivative of the gradient agrees with central differences": {
    primitive: "exp",
    change: (p) => ({ vjp: (ct, { out }) => [() => mul(ct, stopGradient(out))], forward: p.forward }),
  },
  "cotangents fit their inputs, also where there are no elements": { primitive: "reshape", change: cotangent((_, ct) => ct) },
  "jvp and vjp are adjoint": { primitive: "neg", change: cotangent((t, ct) => (ct.trace ? scale(1 + 1e-5, t()) : t())) },
  "the pullback is linear": { primitive: "neg", change: cotangent((t) => add(t(), 1e-5)) },
  "broadcasting equals explicit repetition": {
    primitive: "add",
    change: value((xs, ins) => (ins.some((x) => x.stride.some((s, d) => s === 0 && (x.shape[d] ?? 1) > 1)) ? spoil(xs) : xs)),
  },
  "the derivative of f(x, x) is the sum of its partial derivatives": {
    primitive: "mul",
    change: cotangent((t, _, [x, y]) => (x?.memory === y?.memory ? zerosLike(t()) : t())),
  },
  "strided views give the bits of contiguous copies": {
    primitive: "neg",
    change: value((xs, [x]) => (x ? xs.map((_, i) => -(x.data[i] ?? 0)) : xs)),
  },
  "inputs stay as they are, and the same inputs give the same bits": {
    primitive: "neg",
    change: value((xs, [x]) => {
      if (x && x.size > 0) x.data[x.offset] = 0;
      return xs;
    }),
  },
  "an arena of poisoned memory gives the bits of fresh memory": {
    primitive: "neg",
    change: () => ({
      forward: (_, x) => {
        const out = emptyStorage(x?.shape ?? [], "float64");
        out.data.set([...array(new Tensor(x as never))].slice(1).map((v) => -v));
        return { out };
      },
    }),
  },
  "float32 agrees with float64": { primitive: "neg", change: value((xs, [x]) => (x?.dtype === "float32" ? spoil(xs) : xs)) },
  "a fused primitive agrees with its definition": { primitive: "chain", change: cotangent((t) => scale(1 + 1e-5, t())) },
};

const operationOf = (name: string): Operation =>
  [...tensorOperations, chainOperation].find((operation) => operation.name === name) as Operation;

describe("each law", () => {
  for (const law of primitiveLaws) {
    const { primitive, change } = sabotages[law.name] as Sabotage;
    it(`can fail: ${law.name}`, () => {
      expect(checkLaw(law, operationOf(primitive))).toBeGreaterThan(0);
      const broken = (): number => withPrimitive(primitive, change, () => checkLaw(law, operationOf(primitive)));
      expect(broken).toThrow(`"${law.name}" does not hold for ${primitive}, `);
      expect(broken).toThrow("(seed 1, draw 0)");
    });
  }
});

describe("random graphs", () => {
  const smooth = ["exp", "log", "sqrt", "tanh", "sigmoid", "sin", "cos", "atan", "pow", "div", "mul", "sub", "matmul", "gather", "slice"];
  it.for(smooth)("notice a wrong derivative of %s", (primitive) => {
    const operations = [operationOf(primitive)];
    const [mutant] = mutantsOf(primitive, thunksOf(primitive, operations));
    const everyCase = (): void =>
      fc.assert(
        fc.property(expressions, (e) => void graphLaw.check(e, createRng(1))),
        { numRuns: 60, seed: 1, endOnFailure: true },
      );
    everyCase();
    expect(() => mutant?.during(everyCase)).toThrow("Property failed");
  });
});

it("a mutant without a mistake survives", () => {
  const honest = { primitive: "mul", mistake: "none", during: <T>(f: () => T): T => f() };
  expect(noticedBy(honest, samplesUsing("mul", [operationOf("mul")]))).toBe(null);
});
