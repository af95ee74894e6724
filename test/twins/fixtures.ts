import { readFileSync } from "node:fs";
import { blockPermutation, type Layers } from "@lodo/preconditioner";
import { type Tensor, tensor, transpose, vector } from "@lodo/tensor";

type Nested = readonly (number | Nested)[];

/** The file as it is; fixtures/README.md says what its fields mean. */
interface File {
  readonly n: number;
  readonly k: number;
  readonly N: number;
  readonly n_tilde: number;
  readonly n_blocks: number;
  readonly alpha0: number;
  readonly perm: readonly (readonly number[])[];
  readonly W: Nested;
  readonly W_init: Nested;
  readonly m: readonly number[];
  readonly Gm: readonly number[];
  readonly u: readonly number[];
  readonly dW: Nested;
  readonly G: readonly (readonly number[])[];
  readonly trajectory: {
    readonly H: readonly (readonly number[])[];
    readonly c: readonly number[];
    readonly x0: readonly number[];
    readonly beta: number;
    readonly meta_lr: number;
    readonly loss: readonly number[];
    readonly x_final: readonly number[];
    readonly m_final: readonly number[];
    readonly W_final: Nested;
  };
}

const flat = (nested: Nested): readonly number[] => (nested as readonly number[]).flat(Number.POSITIVE_INFINITY) as readonly number[];

function read(name: string) {
  const file = JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8")) as File;
  const { n, k, N, n_blocks, alpha0, perm } = file;
  /** B from W: each block transposed. */
  const blocks = (W: Nested): Layers => {
    const rows: Tensor = tensor([...flat(W)], [N, n_blocks, k, k]);
    return transpose(rows, [0, 1, 3, 2]) as Layers;
  };
  const G = blockPermutation({ dim: n, depth: N, blockSize: k, alpha0, permutations: perm.map((p) => Int32Array.from(p)) });
  return {
    name,
    ...file,
    preconditioner: G,
    B: blocks(file.W),
    BInit: blocks(file.W_init),
    dB: blocks(file.dW),
    BFinal: blocks(file.trajectory.W_final),
    vectors: { m: vector(file.m), u: vector(file.u), c: vector(file.trajectory.c), x0: vector(file.trajectory.x0) },
  };
}

export type Fixture = ReturnType<typeof read>;

export const fixtures: readonly Fixture[] = [read("lodo_n3_k2_N1.json"), read("lodo_n7_k4_N4.json")];
