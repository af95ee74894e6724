import { adam } from "@lodo/optim";
import { array, createArena, createRng, type DType, type Matrix, normal, transpose, withBackend } from "@lodo/tensor";
import fc from "fast-check";
import { expect, it } from "vitest";
import { simd } from "../src/index.ts";

const backend = await simd({ memory: 2 ** 26 });

it("Adam in vectors gives the bits of the reference, from any memory and any view", () => {
  fc.assert(
    fc.property(
      fc.record({ rows: fc.integer({ min: 0, max: 9 }), cols: fc.integer({ min: 0, max: 9 }) }),
      fc.record({
        b1: fc.double({ min: 0, max: 0.999, noNaN: true }),
        b2: fc.double({ min: 0, max: 0.9999, noNaN: true }),
        learningRate: fc.double({ min: 1e-6, max: 10, noNaN: true }),
      }),
      fc.constantFrom<DType>("float64", "float32"),
      fc.boolean(),
      fc.integer({ min: 0 }),
      ({ rows, cols }, options, dtype, transposed, seed) => {
        const method = adam<Matrix>({ ...options, eps: 1e-7 });
        const three = () => {
          const rng = createRng(seed);
          let x = normal(rng, [rows, cols], { dtype });
          let state = method.init(x);
          const bits: unknown[] = [];
          for (let t = 0; t < 3; t++) {
            const g = transposed ? transpose(normal(rng, [cols, rows], { dtype })) : normal(rng, [rows, cols], { dtype });
            [x, state] = method.update(g, state, x);
            bits.push(array(x), array(state.mu), array(state.nu));
          }
          return bits;
        };
        const expected = three();
        expect(withBackend(backend, three)).toEqual(expected);
        expect(withBackend(backend, () => createArena().run(three, () => []))).toEqual(expected);
      },
    ),
  );
});
