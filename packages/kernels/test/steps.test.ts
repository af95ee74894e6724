import { type LodoState, lodo, type Optimizer } from "@lodo/optim";
import { blockPermutation } from "@lodo/preconditioner";
import {
  array,
  createArena,
  createRng,
  dot,
  type Matrix,
  matmul,
  normal,
  scale,
  tensorsIn,
  transpose,
  type Vector,
  withBackend,
} from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { simd } from "../src/index.ts";

const DIM = 24;

/** ½ xᵀ A Aᵀ x */
function bowl(dtype: "float32" | "float64"): { value(x: Vector): ReturnType<typeof dot> } {
  const A = normal(createRng(1), [DIM, DIM], { dtype }) as Matrix;
  return {
    value: (x) => {
      const y = matmul(transpose(A), x);
      return scale(0.5 / DIM, dot(y, y));
    },
  };
}

const G = blockPermutation({ dim: DIM, rng: createRng(2), dtype: "float32" });
// Whatever θ is, a state is only handed on here.
const optimizer = lodo(G) as unknown as Optimizer<LodoState<never, unknown>, ReturnType<typeof bowl>>;

interface Run {
  readonly x: Vector;
  readonly state: LodoState<never, unknown>;
}

const start = (): Run => {
  const x = normal(createRng(3), [DIM], { dtype: "float32" }) as Vector;
  return { x, state: optimizer.init(x, createRng(4)) };
};

const stepIn = (arena: ReturnType<typeof createArena>, loss: ReturnType<typeof bowl>, run: Run): Run => {
  const step = (): Run => {
    const { x, state } = optimizer.update(loss, run.x, run.state);
    return { x, state };
  };
  return arena.run(step, tensorsIn, tensorsIn(run));
};

describe("10 000 steps of LODO in an arena on the heap", () => {
  it("take no more memory than the first hundred", { timeout: 300_000 }, async () => {
    const backend = await simd({ memory: 2 ** 24 });
    const loss = bowl("float32");
    const arena = createArena();
    withBackend(backend, () => {
      let run = start();
      for (let t = 0; t < 100; t++) run = stepIn(arena, loss, run);
      const [extent, pooled, buffers] = [backend.heap.extent, arena.pooledBytes, process.memoryUsage().arrayBuffers];
      for (let t = 0; t < 9900; t++) run = stepIn(arena, loss, run);
      expect([backend.heap.extent, arena.pooledBytes]).toEqual([extent, pooled]);
      // Small arrays of attributes wait for the garbage collector; a leak of one vector a step would be 960 kB.
      expect(process.memoryUsage().arrayBuffers - buffers).toBeLessThan(500_000);
      expect(array(run.x).every(Number.isFinite)).toBe(true);
    });
  });
});

describe("two backends side by side", () => {
  it("do not see each other's memory, and give the same bits", async () => {
    const backends = [await simd({ memory: 2 ** 22 }), await simd({ memory: 2 ** 24 })] as const;
    const loss = bowl("float32");
    const alone = backends.map((backend) => {
      const arena = createArena();
      return withBackend(backend, () => {
        let run = start();
        for (let t = 0; t < 50; t++) run = stepIn(arena, loss, run);
        return array(run.x);
      });
    });
    expect(alone[0]).toEqual(alone[1]);
    const arenas = [createArena(), createArena()] as const;
    let runs = backends.map((backend) => withBackend(backend, start));
    for (let t = 0; t < 50; t++)
      runs = runs.map((run, i) => withBackend(backends[i as 0 | 1], () => stepIn(arenas[i as 0 | 1], loss, run)));
    for (const run of runs) expect(array(run.x)).toEqual(alone[0]);
  });

  it("take a state over from one another", async () => {
    const backends = [await simd({ memory: 2 ** 22 }), await simd({ memory: 2 ** 22 })] as const;
    const loss = bowl("float32");
    const arena = createArena();
    let run = start();
    for (let t = 0; t < 50; t++) run = withBackend(backends[(t % 2) as 0 | 1], () => stepIn(arena, loss, run));
    let whole = start();
    const other = createArena();
    for (let t = 0; t < 50; t++) whole = withBackend(backends[0], () => stepIn(other, loss, whole));
    expect(array(run.x)).toEqual(array(whole.x));
  });
});
