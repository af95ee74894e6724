import { simd } from "@lodo/kernels";
import {
  array,
  BackendError,
  conv2d,
  createRng,
  type DType,
  dot,
  type Images,
  normal,
  reshape,
  sub,
  tensorsIn,
  valueAndGrad,
  withBackend,
} from "@lodo/tensor";
import { afterAll, expect, inject, it, vi } from "vitest";
import { digestsOfRuns } from "./digests.ts";

const memory = 2 ** 26;
const one = await simd({ memory });
// Shares whatever can be shared.
const two = await simd({ memory, threads: 2, shareAbove: 0 });
afterAll(() => two.close());

const images = (dtype: DType, ...shape: readonly [number, number, number, number]): Images =>
  normal(createRng(3).split(shape.join()), shape, { dtype });

/** A loss of a convolution, and what it is differentiated by. */
function step(dtype: DType): readonly ArrayLike<number>[] {
  const target = images(dtype, 4, 28, 28, 24);
  const loss = ({ x, filter }: { x: Images; filter: Images }) => {
    const error = reshape(sub(conv2d(x, filter, { padding: "same" }), target), [4 * 28 * 28 * 24]);
    return dot(error, error);
  };
  return tensorsIn(valueAndGrad(loss)({ x: images(dtype, 4, 28, 28, 20), filter: images(dtype, 3, 3, 20, 24) })).map((t) => array(t));
}

it("the page is isolated from other origins", () => {
  expect(crossOriginIsolated).toBe(true);
});

it("two threads in a page take the steps that one takes in Node, to the bit", () => {
  const found = digestsOfRuns(two);
  expect(Object.keys(found)).toHaveLength(2);
  expect(inject("digests")).toMatchObject(found);
});

it.each(["float32", "float64"] as const)("a convolution and its gradients have the bits of one thread, %s", (dtype) => {
  expect(withBackend(two, () => step(dtype))).toEqual(withBackend(one, () => step(dtype)));
});

it("the other thread takes a part", () => {
  const { buffer, capacity } = two.heap;
  // Its own scratch, which nobody else touches.
  const its = new Uint8Array(buffer, capacity - 2 ** 22);
  its.fill(0);
  // Which thread gets a range is chance.
  for (let i = 0; i < 200 && its.every((byte) => byte === 0); i++) withBackend(two, () => step("float32"));
  expect(its.some((byte) => byte !== 0)).toBe(true);
});

it("a page that is not isolated is told what threads need", async () => {
  vi.stubGlobal("SharedArrayBuffer", undefined);
  try {
    const opening = simd({ memory, threads: 2 });
    await expect(opening).rejects.toThrow(BackendError);
    await expect(opening).rejects.toThrow(/serve the page cross-origin isolated \(COOP: same-origin, COEP: require-corp\)/);
    expect((await simd({ memory })).threads).toBe(1);
  } finally {
    vi.unstubAllGlobals();
  }
});

it("threads whose script does not load are an error that says so", async () => {
  const Loaded = Worker;
  vi.stubGlobal(
    "Worker",
    class extends Loaded {
      constructor() {
        super("/no/such/script.js", { type: "module" });
      }
    },
  );
  try {
    await expect(simd({ memory, threads: 2 })).rejects.toThrow(/^simd: threads did not start: their script does not load/);
  } finally {
    vi.unstubAllGlobals();
  }
});
