import { add, array, BackendError, createArena, exp, matmul, mul, sum, type Tensor, tensor, tensorsIn, withBackend } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { backendOn } from "../src/backend.ts";
import { gpu } from "../src/index.ts";
import { forgetful } from "./losing.ts";

const x = tensor([1, 2, 3, 4], [2, 2], { dtype: "float32" });
const options = { fallback: null, breakEven: 0 } as const;

describe("a lost context", () => {
  it("leaves what was read as it was, and the rest is computed again, from operand to operand", async () => {
    const device = await forgetful();
    const backend = backendOn(device, { ...options, onLost: "fall back" });
    const run = () => {
      const read = mul(x, x);
      array(read);
      const kept = matmul(read, x);
      return { read, kept, last: sum(add(kept, exp(x))) };
    };
    const expected = tensorsIn(run()).map(array);
    const values = withBackend(backend, run);
    expect(backend.lost).toBe(false);
    device.lose();
    expect(backend.lost).toBe(true);
    const reads = device.counts.reads;
    tensorsIn(values).forEach((value, i) => {
      const exact = expected[i] as ArrayLike<number>;
      Array.from(array(value)).forEach((v, j) => {
        expect(v).toBeCloseTo(exact[j] as number, 3);
      });
    });
    expect(device.counts.reads).toBe(reads);
    expect(array(withBackend(backend, () => add(values.kept, values.read)))).toEqual(array(add(values.kept, values.read)));
    expect(device.counts.reads).toBe(reads);
  });

  it("ends the computation where that was asked for, and what was computed can still be read", async () => {
    const device = await forgetful();
    const backend = backendOn(device, { ...options, onLost: "stop" });
    const y = withBackend(backend, () => add(x, x));
    device.lose();
    expect(() => withBackend(backend, () => add(y, x))).toThrow(BackendError);
    expect(() => withBackend(backend, () => add(y, x))).toThrow(/add: the GPU's context is lost/);
    expect(array(y)).toEqual(Float32Array.of(2, 4, 6, 8));
  });

  it("is refused an answer where the operands died with their arena, rather than given a wrong one", async () => {
    const device = await forgetful();
    const backend = backendOn(device, { ...options, onLost: "fall back" });
    const arena = createArena();
    const y = withBackend(backend, () =>
      arena.run(() => add(tensor([1, 2], [2], { dtype: "float32" }), tensor([3, 4], [2], { dtype: "float32" })), tensorsIn),
    );
    device.lose();
    expect(() => array(y)).toThrow(/operand of shape \[2\] died with its arena/);
  });

  it("does not make a loop remember all of its past", async () => {
    const device = await forgetful();
    const backend = backendOn(device, { ...options, onLost: "fall back" });
    let y = x;
    withBackend(backend, () => {
      for (let i = 0; i < 1000; i++) y = add(y, x);
    });
    expect(device.counts.reads).toBeGreaterThan(0);
    expect(device.counts.reads).toBeLessThan(10);
    device.lose();
    expect(array(y)).toEqual(Float32Array.of(1001, 2002, 3003, 4004));
  });
});

interface Canvas {
  getContext(kind: string): { getExtension(name: "WEBGL_lose_context"): { loseContext(): void } } | null;
}

describe.runIf("document" in globalThis)("a page's context, lost", () => {
  it("leaves every number to be had", async () => {
    const { prototype } = (globalThis as unknown as { HTMLCanvasElement: { prototype: Canvas } }).HTMLCanvasElement;
    const { getContext } = prototype;
    const made: ReturnType<Canvas["getContext"]>[] = [];
    prototype.getContext = function (this: Canvas, ...args) {
      const context = getContext.apply(this, args);
      made.push(context);
      return context;
    };
    const backend = await gpu({ mode: "webgl2", breakEven: 0 });
    prototype.getContext = getContext;
    const [read, unread] = withBackend(backend, () => [mul(x, x), matmul(x, x)]);
    const before = array(read as Tensor);
    made.at(-1)?.getExtension("WEBGL_lose_context").loseContext();
    expect(backend.lost).toBe(true);
    expect(array(read as Tensor)).toEqual(before);
    expect(array(unread as Tensor)).toEqual(array(matmul(x, x)));
    expect(array(withBackend(backend, () => add(unread as Tensor, x)))).toEqual(array(add(matmul(x, x), x)));
  });
});
