import { type Backend, contiguousKernel, emptyStorage, kernels, type Strided } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { backendLaws } from "../src/backend/backendLaws.ts";
import { expectKernel } from "../src/backend/kernelLaw.ts";
import { kernelCases } from "../src/backend/kernels/index.ts";
import { checkLaw } from "../src/conformsToPrimitive.ts";
import { tensorOperations } from "../src/samples/tensorOperations.ts";

const add = kernels.get("add")?.reference as unknown as (x: Strided, y: Strided) => Strided;
const matmul = kernels.get("matmul")?.reference as unknown as (A: Strided, B: Strided) => Strided;

const backend = (name: string, kernel: string, f: (x: Strided, y: Strided) => Strided): Backend => ({
  name,
  kernels: new Map([[kernel, f]]),
});

/** Wrong in ways that only some of the checks can see. */
const wrong: readonly (readonly [Backend, kernel: string])[] = [
  [
    backend("off by one in the last place", "add", (x, y) => {
      const out = add(x, y);
      out.data[0] = (out.data[0] as number) * (1 + (x.dtype === "float64" ? 2 ** -52 : 2 ** -23));
      return out;
    }),
    "add",
  ],
  [
    backend("blind to strides", "add", (x, y) => {
      const out = emptyStorage(x.shape, x.dtype);
      for (let i = 0; i < out.size; i++) out.data[i] = (x.data[x.offset + i] as number) + (y.data[y.offset + i] as number);
      return out;
    }),
    "add",
  ],
  [
    backend("that adds in place", "add", (x, y) => {
      const out = add(x, y);
      if (x.size > 0) x.data[x.offset] = out.data[0] as number;
      return out;
    }),
    "add",
  ],
  [
    backend("that adds to what was there", "matmul", (A, B) => {
      const C = matmul(A, B);
      const out = emptyStorage(C.shape, C.dtype);
      for (let i = 0; i < C.size; i++) out.data[i] = (out.data[i] as number) * 0 + (C.data[i] as number);
      return out;
    }),
    "matmul",
  ],
  [
    backend("that sums one product too few", "matmul", (A, B) => {
      const k = A.shape[2] as number;
      const last = contiguousKernel(A);
      const C = matmul(A, B);
      if (k > 1 && C.size > 0) C.data[0] = (C.data[0] as number) - (last.data[last.offset + k - 1] as number) * B.get(0, k - 1, 0);
      return C;
    }),
    "matmul",
  ],
];

describe.each(wrong)("a backend $name", (mistaken, kernel) => {
  const cases = kernelCases.find((each) => each.kernel === kernel);
  const operations = tensorOperations.filter(({ name }) => name === kernel);

  it("is found by calls of its kernel, with the smallest and how to replay it", () => {
    if (!cases) throw new Error(`no cases of ${kernel}`);
    expect(() => expectKernel(mistaken, cases)).toThrow(/smallest call .*\n.*replay with seed 1, path "/);
  });

  it.skipIf(mistaken.name.startsWith("off"))("is found by the samples of operations", () => {
    const broken = backendLaws(mistaken).filter((law) => {
      try {
        operations.forEach((operation) => void checkLaw(law, operation));
        return false;
      } catch {
        return true;
      }
    });
    expect(broken.length).toBeGreaterThan(0);
  });
});

it("the reference, called a backend, passes", () => {
  for (const cases of kernelCases) {
    const run = kernels.get(cases.kernel)?.reference as (...args: never) => unknown;
    expect(expectKernel({ name: "reference", kernels: new Map([[cases.kernel, run]]) }, cases, { runs: 40 })).toBeGreaterThan(1000);
  }
});
