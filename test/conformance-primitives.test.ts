import * as tensor from "@lodo/tensor";
import { callsDuring, casesFactor, conformsToPrimitive, operations, primitiveLaws, suiteSeed } from "@lodo/testkit";
import { describe, expect, it } from "vitest";

/** What the tensor package exports besides operations: these have tests of their own. */
const NO_OPERATIONS: ReadonlySet<string> = new Set([
  ...[
    "Tensor",
    "tensor",
    "scalar",
    "vector",
    "matrix",
    "zeros",
    "zerosLike",
    "ones",
    "onesLike",
    "full",
    "eye",
    "basis",
    "array",
    "item",
    "read",
  ],
  ...[
    "grad",
    "valueAndGrad",
    "vjp",
    "jvp",
    "hvp",
    "jacobian",
    "hessian",
    "inMicroBatches",
    "ofVector",
    "debugNaNs",
    "definePrimitive",
    "fused",
    "fusedValues",
  ],
  ...[
    "checkLayout",
    "leaves",
    "map",
    "mapTo",
    "ravel",
    "layoutOf",
    "tensorsIn",
    "createArena",
    "withBackend",
    "useBackend",
    "activeBackend",
    "adopt",
    "leaseOf",
  ],
  ...["createRng", "restoreRng", "uniform", "normal", "permutation", "haarOrthogonal"],
  ...[
    "defineKernel",
    "contiguousKernel",
    "view",
    "deviceOf",
    "deviceStorage",
    "emptyStorage",
    "filledStorage",
    "forEachIndex",
    "isContiguous",
    "windowsAlong",
  ],
  ...["TensorError", "ShapeError", "DTypeError", "ArgumentError", "ScopeError", "NaNError", "BackendError"],
]);

const options = { draws: casesFactor(process.env), seed: suiteSeed(process.env) };

const tallies = operations.map((operation) => conformsToPrimitive({ describe, it }, operation, options));

describe("the samples", () => {
  it("exercise every primitive at least 12 times", () => {
    const inputs = new Map([...tensor.primitives.keys()].map((name) => [name, 0]));
    for (const { samples } of operations) {
      for (const sample of samples) {
        const calls = callsDuring(() => sample.f(...sample.inputs(tensor.createRng(1))));
        for (const name of new Set(calls.map((call) => call.name))) inputs.set(name, (inputs.get(name) ?? 0) + 1);
      }
    }
    expect([...inputs].filter(([, n]) => n < 12)).toEqual([]);
  });

  it("serve every operation that the tensor package exports", () => {
    const exported = Object.entries(tensor).filter(([name, value]) => typeof value === "function" && !NO_OPERATIONS.has(name));
    const names = new Set(operations.map(({ name }) => name));
    expect(exported.filter(([name]) => !names.has(name)).map(([name]) => name)).toEqual([]);
  });

  it("have distinct names within an operation", () => {
    for (const { samples } of operations) expect(new Set(samples.map((s) => s.name)).size).toBe(samples.length);
  });

  it("make at least 3 000 gradient checks at first order and 1 500 at second, and some under every law", ({ skip }) => {
    skip(
      tallies.some((tally) => tally.size === 0),
      "some operations were filtered out",
    );
    const made = (law: string): number => tallies.reduce((n, tally) => n + (tally.get(law) ?? 0), 0);
    expect(made("the Jacobian agrees with central differences")).toBeGreaterThanOrEqual(3000);
    expect(made("the derivative of the gradient agrees with central differences")).toBeGreaterThanOrEqual(1500);
    expect(primitiveLaws.filter(({ name }) => made(name) === 0)).toEqual([]);
    for (const { name } of primitiveLaws) console.info(`${name}: ${made(name)} checks`);
  });
});
