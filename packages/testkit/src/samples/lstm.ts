import { lstmCell } from "@lodo/optim";
import { type Matrix, portable, slice, stack, type Tensor, transpose, type Vector } from "@lodo/tensor";
import { type Reference, sliced, total, transposed } from "../reference/operations.ts";
import { at, build, type Plain } from "../reference/plain.ts";
import type { Operation, Sample } from "../sample.ts";
import { between, type Domain, drawn, either } from "./domain.ts";

/** n copies of a layer of d inputs and m units. */
interface Extents {
  readonly n: number;
  readonly d: number;
  readonly m: number;
}

const step = (x: Tensor, h: Tensor, c: Tensor, W: Tensor, b: Tensor): Tensor => {
  const after = lstmCell({ W: W as Matrix, b: b as Vector }, x as Matrix, { h: h as Matrix, c: c as Matrix });
  return stack([after.h, after.c]);
};

const { sigmoid: σ, tanh } = portable;

/** One unit of one copy after the other. */
const stepped: Reference = (...inputs) => {
  const [x, h, c, W, b] = inputs as readonly [Plain, Plain, Plain, Plain, Plain];
  const [n, m] = c.shape as readonly [number, number];
  const d = x.shape[1] as number;
  const before = (gate: number, row: number, j: number): number =>
    at(b, [gate * m + j]) +
    total(Array.from({ length: d }, (_, p) => at(x, [row, p]) * at(W, [p, gate * m + j]))) +
    total(Array.from({ length: m }, (_, p) => at(h, [row, p]) * at(W, [d + p, gate * m + j])));
  return build([2, n, m], ([part = 0, row = 0, j = 0]) => {
    const remembered = σ(before(1, row, j)) * at(c, [row, j]) + σ(before(0, row, j)) * tanh(before(2, row, j));
    return part === 1 ? remembered : σ(before(3, row, j)) * tanh(remembered);
  });
};

/** Numbers of about 1, where the nonlinearities are curved; their fifth derivatives are below 16. */
const curved: Domain = either(between(0.25, 1, 0.25));

const shapesOf = ({ n, d, m }: Extents): readonly (readonly number[])[] => [[n, d], [n, m], [n, m], [d + m, 4 * m], [4 * m]];

/** The longest path sums d + m + 1 products, and goes through two nonlinearities and three operations between them. */
const sample = (name: string, extents: Extents, domain: Domain = curved): Sample => ({
  name,
  inputs: (rng) => shapesOf(extents).map((shape) => drawn(rng, domain, shape)),
  f: (...xs) => step(...(xs as readonly [Tensor, Tensor, Tensor, Tensor, Tensor])),
  reference: stepped,
  h: domain.h,
  roundings: 2 * (extents.d + extents.m + 1) + 12,
});

const two: Extents = { n: 2, d: 1, m: 2 };

/** The fused step of a layer of long short-term memory. */
export const lstmOperation: Operation = {
  name: "lstm",
  samples: [
    sample("two copies of two units", two),
    sample("one of each", { n: 1, d: 1, m: 1 }),
    sample("one copy of two units", { n: 1, d: 2, m: 2 }),
    sample("three copies of one unit", { n: 3, d: 1, m: 1 }),
    sample("three inputs", { n: 1, d: 3, m: 1 }),
    sample("no inputs", { n: 2, d: 0, m: 1 }),
    sample("no copies", { n: 0, d: 1, m: 2 }),
    sample("no units", { n: 2, d: 1, m: 0 }),
    sample("small numbers", two, either(between(1e-3, 2e-3, 0.25))),
    sample("gates wide open and shut", { n: 2, d: 1, m: 1 }, either(between(4, 5, 0.25))),
    {
      ...sample("transposed and sliced views", two),
      inputs: (rng) => [[1, 2], [2, 3], [2, 2], [8, 3], [15]].map((shape) => drawn(rng, curved, shape)),
      f: (x, h, c, W, b) =>
        step(
          transpose(x as Tensor),
          slice(h as Tensor, { step: [1, 2] }),
          transpose(c as Tensor),
          transpose(W as Tensor),
          slice(b as Tensor, { step: [2] }),
        ),
      reference: (x, h, c, W, b) =>
        stepped(
          transposed()(x as Plain),
          sliced([0, 0], [2, 3], [1, 2])(h as Plain),
          transposed()(c as Plain),
          transposed()(W as Plain),
          sliced([0], [15], [2])(b as Plain),
        ),
    },
    {
      ...sample("all of a copy from one tensor", { n: 2, d: 2, m: 2 }),
      inputs: (rng) => [[2, 2], [4, 8], [8]].map((shape) => drawn(rng, curved, shape)),
      f: (x, W, b) => step(x as Tensor, x as Tensor, x as Tensor, W as Tensor, b as Tensor),
      reference: (x, W, b) => stepped(x as Plain, x as Plain, x as Plain, W as Plain, b as Plain),
    },
  ],
};
