import { describe, expect, it } from "vitest";
import {
  add,
  array,
  createArena,
  createRng,
  type Data,
  grad,
  type Heap,
  item,
  mul,
  normal,
  reshape,
  ScopeError,
  scale,
  slice,
  sub,
  sum,
  type Tensor,
  tensorsIn,
  transpose,
  type Vector,
  vector,
  vjp,
  withBackend,
  zeros,
} from "../src/index.ts";

/** One step of gradient descent on Σ x⁴. */
const step = (x: Vector): Vector => sub(x, scale(1e-3, grad((z: Vector) => sum(mul(mul(z, z), mul(z, z))))(x)));

describe("an arena", () => {
  it("gives the bits of ordinary memory", () => {
    const arena = createArena();
    let [inside, outside] = [vector([1, -2, 3]), vector([1, -2, 3])];
    for (let t = 0; t < 50; t++) {
      const before = inside;
      inside = arena.run(() => step(before), tensorsIn, [before]);
      outside = step(outside);
    }
    expect(array(inside)).toEqual(array(outside));
  });

  it("keeps array buffers flat over 10 000 steps", () => {
    const arena = createArena();
    const n = 1000;
    let x: Vector = normal(createRng(1), [n]);
    const buffers: number[] = [];
    const pooled: number[] = [];
    for (let t = 0; t < 10_000; t++) {
      const before = x;
      x = arena.run(() => step(before), tensorsIn, [before]);
      if (t % 1000 === 999) {
        buffers.push(process.memoryUsage().arrayBuffers);
        pooled.push(arena.pooledBytes);
      }
    }
    // One step allocates a dozen vectors of 8 kB: unpooled, a thousand steps would add 100 MB.
    expect(new Set(pooled).size).toBe(1);
    expect(pooled[0]).toBeLessThan(100 * 8 * n);
    expect(Math.max(...buffers) - (buffers[0] as number)).toBeLessThan(2 ** 20);
  });

  it("promotes what the step returns, views of one memory together", () => {
    const arena = createArena();
    const { rows, cols, x } = arena.run(() => {
      const rows = add(zeros([2, 3]), 1);
      return { rows, cols: transpose(rows), x: slice(reshape(rows, [6]), { start: [4] }) };
    }, tensorsIn);
    arena.run(() => add(zeros([2, 3]), 7), tensorsIn);
    for (const t of [rows, cols, x]) expect(new Set(array(t))).toEqual(new Set([1]));
  });

  it("ends every other life, and says so", () => {
    const arena = createArena();
    const lost: Tensor[] = [];
    arena.run(() => {
      lost.push(add(vector([1, 2]), 1));
      return vector([3]);
    }, tensorsIn);
    const dead = lost[0] as Tensor;
    expect(() => array(dead)).toThrow(ScopeError);
    expect(() => mul(dead, 2)).toThrow("tensor: a tensor of shape [2] was used after its arena had ended");
    expect([dead.shape, dead.dtype]).toEqual([[2], "float64"]);
  });

  it("consumes the state that a step replaces, unless it is returned", () => {
    const arena = createArena();
    const x = arena.run(() => vector([1, 2]), tensorsIn);
    expect(arena.run(() => x, tensorsIn, [x])).toBe(x);
    expect(array(x)).toEqual(Float64Array.of(1, 2));
    const before = arena.pooledBytes;
    const y = arena.run(() => add(x, 1), tensorsIn, [x]);
    expect(() => array(x)).toThrow(ScopeError);
    expect(array(y)).toEqual(Float64Array.of(2, 3));
    expect(arena.pooledBytes).toBeGreaterThanOrEqual(before + 16);
  });

  it("gives its heap back what outlives its closing, when that ends", () => {
    const lent = new Set<Data>();
    const heap: Heap = {
      allocate: (_, size) => {
        const data = new Float64Array(size);
        lent.add(data);
        return data;
      },
      free: (data) => void expect(lent.delete(data)).toBe(true),
    };
    withBackend({ name: "with a heap", kernels: new Map(), heap }, () => {
      const arena = createArena();
      const outer = createArena();
      let x = arena.run(() => vector([1, 2]), tensorsIn);
      arena.close();
      expect(lent.size).toBe(1);
      for (let t = 0; t < 3; t++) x = arena.run(() => add(x, x), tensorsIn, [x]);
      expect(array(x)).toEqual(Float64Array.of(8, 16));
      outer.run(
        () => {
          const inner = createArena();
          const y = inner.run(() => add(x, x), tensorsIn);
          inner.close();
          return item(sum(y));
        },
        tensorsIn,
        [x],
      );
      for (const { close } of [arena, outer]) close();
      expect(lent.size).toBe(0);
    });
  });

  it("leaves memory that it never handed out to its owner, and to every view of it", () => {
    const arena = createArena();
    const x = vector([1, 2, 3, 4]);
    const view = reshape(x, [2, 2]);
    for (let t = 0; t < 3; t++) arena.run(() => add(x, 7), tensorsIn, [x]);
    expect(array(view)).toEqual(Float64Array.of(1, 2, 3, 4));
  });

  it("ends the life of every view of what was consumed", () => {
    const arena = createArena();
    const x = arena.run(() => vector([1, 2, 3, 4]), tensorsIn);
    const view = reshape(x, [2, 2]);
    arena.run(() => add(x, 7), tensorsIn, [x]);
    expect(() => array(view)).toThrow("tensor: a tensor of shape [2,2] was used after its arena had ended");
  });

  it("keeps an earlier state that the new one refers to", () => {
    const arena = createArena();
    let state: { readonly x: Vector; readonly previous: Vector } = { x: vector([1, 2]), previous: vector([0, 0]) };
    for (let t = 0; t < 5; t++) {
      const { x } = state;
      state = arena.run(() => ({ x: add(x, 1), previous: x }), tensorsIn, tensorsIn(state));
    }
    expect(array(state.x)).toEqual(Float64Array.of(6, 7));
    expect(array(state.previous)).toEqual(Float64Array.of(5, 6));
  });

  it("consumes nothing when the step throws, and pools what it made", () => {
    const arena = createArena();
    const x = vector([1, 2]);
    const fail = (): Tensor => {
      add(x, 1);
      throw new Error("diverged");
    };
    expect(() => arena.run(fail, tensorsIn, [x])).toThrow("diverged");
    expect(array(x)).toEqual(Float64Array.of(1, 2));
    expect(arena.pooledBytes).toBeGreaterThan(0);
    expect(array(add(x, 1))).toEqual(Float64Array.of(2, 3));
  });

  it("inside an arena: what the inner promotes dies with the outer", () => {
    const [outer, inner] = [createArena(), createArena()];
    const seen: Vector[] = [];
    const result = outer.run(() => {
      const y = inner.run(() => add(vector([1]), 1), tensorsIn);
      seen.push(y);
      return add(y, 1);
    }, tensorsIn);
    expect(item(result)).toBe(3);
    expect(() => array(seen[0] as Vector)).toThrow(ScopeError);
  });

  it("nested in itself three deep, never hands out one memory twice", () => {
    const arena = createArena();
    arena.run(() => {
      const x = add(vector([1, 2]), 0);
      arena.run(() => {
        arena.run(
          () => vector([5, 6]),
          () => [],
          [x],
        );
        return null;
      }, tensorsIn);
      return null;
    }, tensorsIn);
    arena.run(() => {
      const fresh = Array.from({ length: 12 }, (_, i) => vector([i, i]));
      expect(fresh.map((t) => array(t)[0])).toEqual(fresh.map((_, i) => i));
      return null;
    }, tensorsIn);
  });

  it("a pullback that outlives its arena throws instead of reading what is no longer there", () => {
    const arena = createArena();
    const pullback = arena.run(
      () => vjp((x: Vector) => mul(x, x), vector([1, 2]))[1],
      () => [],
    );
    expect(() => pullback(vector([1, 1]))).toThrow(ScopeError);
  });
});
