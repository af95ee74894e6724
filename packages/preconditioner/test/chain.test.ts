import { createArena, createRng, full, map, normal, permutation, ScopeError, tensorsIn, vjp } from "@lodo/tensor";
import { expect, it } from "vitest";
import { chain, type Layers } from "../src/chain.ts";

it("a pullback through a chain that outlives its arena throws instead of reading what came after its layer inputs", () => {
  const rng = createRng(1);
  const P = [permutation(rng, 8), permutation(rng, 8)];
  const θ: Layers = normal(rng, [2, 4, 2, 2]);
  const v = normal(rng, [8]);
  const arena = createArena();
  let pullback: (ct: typeof v) => Layers = () => θ;
  const y = arena.run(() => {
    const [value, back] = vjp((θ: Layers) => chain(P, θ).apply(v), θ);
    pullback = back;
    return value;
  }, tensorsIn);
  arena.run(() => map(() => full([16], 777), θ), tensorsIn);
  expect(() => pullback(y)).toThrow(ScopeError);
});
