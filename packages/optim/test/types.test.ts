import {
  adam,
  checkRequirements,
  descend,
  lodo,
  minimize,
  newton,
  type Objective,
  type Optimizer,
  sgd,
  type TwiceDifferentiable,
  withHessian,
} from "@lodo/optim";
import { blockPermutation, densePreconditioner, diagonal } from "@lodo/preconditioner";
import { ArgumentError, createRng, type Matrix, ShapeError, sum, type Vector, vector, zeros } from "@lodo/tensor";
import { describe, expect, it } from "vitest";

const loss: Objective = { value: (x) => sum(x) };
const rng = createRng(1);

/** Compiled, never run: each line marked is one that the compiler refuses. */
export function refusedByTheCompiler(): void {
  const method = newton();
  method.update(withHessian(loss), vector([1]), null);
  // @ts-expect-error Newton's method needs a Hessian.
  method.update(loss, vector([1]), null);
  // @ts-expect-error An optimizer that needs a Hessian is none for every loss.
  const forAll: Optimizer<null, Objective> = method;
  const forSome: Optimizer<null, TwiceDifferentiable> = descend(sgd());
  // @ts-expect-error The state of Adam is not that of SGD.
  descend(sgd<Vector>()).update(loss, vector([1]), adam<Vector>().init(vector([1])));
  // @ts-expect-error minimize asks the same of its loss.
  minimize(loss, { optimizer: newton(), from: vector([1]), steps: 1, rng });
  // @ts-expect-error x is a vector.
  descend(sgd()).update(loss, zeros([2, 2]), null);
  // @ts-expect-error Options are checked by name.
  adam({ rate: 1 });
  // @ts-expect-error And by type.
  blockPermutation({ dim: 3, depth: "4", rng });
  // @ts-expect-error The parameters of a dense G are a matrix.
  densePreconditioner({ dim: 3 }).at(vector([1]));
  // @ts-expect-error A meta-optimizer moves the parameters of its G.
  lodo(diagonal({ dim: 3 }), { meta: sgd<Matrix>() });
  void [forAll, forSome];
}

describe("what the compiler cannot refuse is refused at run time", () => {
  const G = diagonal({ dim: 3 });
  it.each([
    [
      "an x of another length",
      () => lodo(G).init(zeros([4]), rng),
      ShapeError,
      "lodo: expected x of length 3 (the preconditioner's dim), got shape [4]",
    ],
    ["an x that is a matrix", () => lodo(G).init(zeros([3, 1]) as unknown as Vector, rng), ShapeError, "got shape [3,1]"],
    [
      "an x of another dtype",
      () => lodo(G).init(zeros([3], { dtype: "float32" }), rng),
      ArgumentError,
      "lodo: x is float32 and the preconditioner float64",
    ],
    ["a β of 1", () => lodo(G, { beta: 1 }), ArgumentError, "lodo: beta must be a number in [0, 1), got 1"],
    ["a negative β", () => lodo(G, { beta: -0.1 }), ArgumentError, "got -0.1"],
    ["a β that is no number", () => lodo(G, { beta: Number.NaN }), ArgumentError, "got NaN"],
    ["a rate of 0", () => sgd({ learningRate: 0 }), ArgumentError, "sgd: learningRate must be a finite number above 0, got 0"],
    [
      "a rate without bound",
      () => adam({ learningRate: Number.POSITIVE_INFINITY }),
      ArgumentError,
      "adam: learningRate must be a finite number above 0, got Infinity",
    ],
    ["a rate in words", () => adam({ learningRate: "0.1" as unknown as number }), ArgumentError, 'got "0.1"'],
    ["no rate", () => adam({ learningRate: null as unknown as number }), ArgumentError, "got null"],
    [
      "an unknown option",
      () => adam({ rate: 1 } as object),
      ArgumentError,
      'adam: has no option "rate"; its options are learningRate, b1, b2, eps',
    ],
    ["a requirement that is not met", () => checkRequirements(newton(), loss, "rosenbrock"), ArgumentError, "rosenbrock"],
  ])("%s", (_, f, kind, message) => {
    expect(f).toThrow(kind);
    expect(f).toThrow(message);
  });
});
