import { simd } from "@lodo/kernels";
import { array, cast, createArena, map, type Tensor, tensorsIn, valueAndGrad, withBackend } from "@lodo/tensor";
import { describe, expect, it } from "vitest";
import { contexts } from "./contexts.ts";
import { drawn, lossOf, rectified, whole } from "./network.ts";

const numbers = (result: unknown): number[] => tensorsIn(result).flatMap((t) => Array.from(array(t), (x) => x + 0));

describe("the GPU with vectors of the processor beside it", () => {
  it("shares the work by size, and has the exact result, in arenas on the processor's heap", async () => {
    const fallback = await simd({ memory: 2 ** 26 });
    for (const backend of await contexts({ fallback, breakEven: 10_000 })) {
      const { parameters, batch } = drawn(whole(7), "float32");
      const doubled = <T>(tree: T): T => map((x: Tensor) => cast(x, "float64"), tree as never) as T;
      const expected = numbers(valueAndGrad(lossOf(doubled(batch), rectified))(doubled(parameters)));
      const arena = createArena();
      for (let step = 0; step < 3; step++) {
        const got = withBackend(backend, () =>
          arena.run(
            () => numbers(valueAndGrad(lossOf(batch, rectified))(parameters)),
            () => [],
          ),
        );
        expect(got).toEqual(expected);
      }
      expect(backend.counts.passes).toBeGreaterThan(0);
      arena.close();
      await backend.close();
    }
  });
});
