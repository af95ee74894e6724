import { type Backend, createArena, type Data, type DType, emptyStorage, withBackend } from "@lodo/tensor";
import { check, property } from "fast-check";
import { Counterexample, expectClose, expectSameBits } from "../counterexample.ts";
import { arraysIn, buildCall, type KernelCases, numbersIn, reference } from "./kernelCases.ts";
import { type Allocate, ordinaryMemory } from "./views.ts";

type Run = (...args: readonly unknown[]) => unknown;

/** Runs f with memory of the backend's heap, and in an arena whose memory held NaN; gives all of it back. */
function onHeap<T>(backend: Backend, sizes: readonly number[], f: (allocate: Allocate) => T): T {
  const taken: Data[] = [];
  const allocate: Allocate = (dtype, size) => {
    const data = backend.heap?.allocate(dtype, size) ?? ordinaryMemory(dtype, size);
    taken.push(data);
    return data;
  };
  const arena = createArena();
  const nothing = (): readonly never[] => [];
  const poison = (dtype: DType): void =>
    sizes.flatMap((n) => [n, n, n]).forEach((n) => void emptyStorage([n], dtype).data.fill(Number.NaN));
  try {
    return withBackend(backend, () => {
      arena.run(() => (["float64", "float32"] as const).forEach(poison), nothing);
      return arena.run(() => f(allocate), nothing);
    });
  } finally {
    arena.close();
    for (const data of taken) backend.heap?.free(data);
  }
}

/** One call: near the reference, inputs as they were, and the same bits wherever its arrays lie. Returns the number of comparisons. */
function checkCall(backend: Backend, { kernel, tolerance }: KernelCases, call: readonly unknown[]): number {
  const run = backend.kernels.get(kernel) as Run;
  const { args, views } = buildCall(call, ordinaryMemory);
  const before = views.map(({ data }) => data.slice());
  const expected = withBackend(null, () => arraysIn(reference(kernel)(...args)));
  const got = withBackend(backend, () => arraysIn(run(...args)));
  expectSameBits(
    `how many numbers ${kernel} returns`,
    got.map(({ length }) => length),
    expected.map(({ length }) => length),
  );
  const near = tolerance === "exact" ? null : tolerance(args, expected);
  expected.forEach((values, k) => {
    if (!near) expectSameBits(`result ${k} of ${kernel}`, got[k] as ArrayLike<number>, values);
    else
      for (let i = 0; i < values.length; i++)
        expectClose(`result ${k}[${i}] of ${kernel}`, got[k]?.[i] as number, values[i] as number, near[k]?.[i] as number);
  });
  views.forEach(({ data }, k) => {
    expectSameBits(`memory of input ${k} of ${kernel} afterwards`, data, before[k] as Data);
  });
  onHeap(
    backend,
    expected.map(({ length }) => length),
    (allocate) => {
      const there = buildCall(call, allocate);
      const inputs = there.views.map(numbersIn);
      const again = arraysIn(run(...there.args));
      again.forEach((values, k) => {
        expectSameBits(`result ${k} of ${kernel} on the heap`, values, got[k] as ArrayLike<number>);
      });
      there.views.forEach((x, k) => {
        expectSameBits(`input ${k} of ${kernel} on the heap afterwards`, numbersIn(x), inputs[k] as Float64Array);
      });
    },
  );
  return expected.reduce((n, { length }) => n + length, 0);
}

/**
 * Calls a backend's kernel on drawn arguments.
 * @throws Counterexample with the smallest call that fails, and the seed and path that replay it.
 */
export function expectKernel(
  backend: Backend,
  cases: KernelCases,
  { runs = 100, seed = 1 }: { readonly runs?: number; readonly seed?: number } = {},
): number {
  let checks = 0;
  const details = check(
    property(cases.calls, (call) => {
      checks += checkCall(backend, cases, call);
    }),
    { seed, numRuns: runs },
  );
  if (!details.failed) return checks;
  const { errorInstance: error } = details;
  const message = error instanceof Error ? error.message : String(error);
  throw new Counterexample(
    `${backend.name}: ${message}\n  smallest call ${JSON.stringify(details.counterexample?.[0])}\n  replay with seed ${details.seed}, path "${details.counterexamplePath}"`,
    { cause: error },
  );
}
