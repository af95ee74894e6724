import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { allocate } from "./arena.ts";
import { portable } from "./backend/reference/portable.ts";
import { type TensorOptions, tensor } from "./constructors.ts";
import { checkDType } from "./dtype.ts";
import { ArgumentError } from "./errors.ts";
import { checkShape, type Extents, type Shape } from "./shape.ts";
import { emptyStorage } from "./storage.ts";
import { type Blocks, Tensor } from "./tensor.ts";

/** What restores a generator exactly: where its stream stands, and its place in the tree of splits. */
export interface RngState {
  readonly key: string;
  readonly stream: readonly number[];
}

/**
 * A seeded source of random numbers. Drawing advances it; splitting does not: `rng.split("weights")` depends on the seed and the labels
 * that lead to it and on nothing else, so independent parts of a program draw the same numbers in whatever order they run.
 */
export interface Rng {
  /** Uniform on [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform on {0, …, n − 1}. @throws ArgumentError unless n is a positive integer. */
  integer(n: number): number;
  split(label: string | number): Rng;
  state(): RngState;
}

/** @throws ArgumentError unless the seed is an integer that a number holds exactly. */
export function createRng(seed: number): Rng {
  if (!Number.isSafeInteger(seed)) throw new ArgumentError("createRng", `seed must be an integer, got ${seed}`);
  return fromKey(`${seed}`);
}

/** The generator that `state()` was taken of. @throws ArgumentError if the state is none. */
export function restoreRng({ key, stream }: RngState): Rng {
  if (typeof key !== "string" || !Array.isArray(stream) || stream.length !== 4 || !stream.every(Number.isInteger)) {
    throw new ArgumentError("restoreRng", "expected { key: string, stream: four integers }");
  }
  const source = xoroshiro128plusFromState(stream);
  return {
    uniform: () => uniformFloat64(source),
    // Box–Muller with 1 − u in (0, 1]; the second of the pair is not kept, so that the state is the stream's alone.
    normal: () => Math.sqrt(-2 * portable.log(1 - uniformFloat64(source))) * portable.cos(2 * Math.PI * uniformFloat64(source)),
    integer: (n) => {
      if (!Number.isSafeInteger(n) || n < 1) throw new ArgumentError("integer", `n must be a positive integer, got ${n}`);
      return uniformInt(source, 0, n - 1);
    },
    split: (label) => {
      if (typeof label !== "string" && !Number.isSafeInteger(label))
        throw new ArgumentError("split", `label must be a string or an integer, got ${label}`);
      return fromKey(`${key}/${JSON.stringify(label)}`);
    },
    state: () => ({ key, stream: source.getState() }),
  };
}

function fromKey(key: string): Rng {
  const bytes = sha256(utf8ToBytes(key));
  const words = new DataView(bytes.buffer, bytes.byteOffset);
  return restoreRng({ key, stream: [0, 4, 8, 12].map((at) => words.getInt32(at)) });
}

const draw = <S extends Shape>(op: string, shape: S, next: () => number, { dtype = "float64" }: TensorOptions): Tensor<Extents<S>> => {
  checkShape(op, shape);
  const storage = emptyStorage(shape, checkDType(op, dtype));
  for (let i = 0; i < storage.data.length; i++) storage.data[i] = next();
  return new Tensor(storage);
};

/** Independent draws, uniform on [0, 1): in float32 multiples of 2⁻²⁴, rounded down, so that none becomes 1. */
export const uniform = <const S extends Shape>(rng: Rng, shape: S, options: TensorOptions = {}): Tensor<Extents<S>> => {
  const single = options.dtype === "float32";
  return draw("uniform", shape, () => (single ? Math.floor(rng.uniform() * 2 ** 24) / 2 ** 24 : rng.uniform()), options);
};

/** Independent standard normal draws. */
export const normal = <const S extends Shape>(rng: Rng, shape: S, options: TensorOptions = {}): Tensor<Extents<S>> =>
  draw("normal", shape, () => rng.normal(), options);

/** A uniformly random permutation of 0 … n − 1 (Fisher–Yates). */
export function permutation(rng: Rng, n: number): Int32Array {
  checkShape("permutation", [n]);
  const p = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [p[i], p[j]] = [p[j] as number, p[i] as number];
  }
  return p;
}

/**
 * b independent Haar-distributed orthogonal k×k matrices: Gram–Schmidt on the rows of a Gaussian matrix, which is QR with R's diagonal
 * positive (Mezzadri, "How to generate random matrices from the classical compact groups", 2007). Each row is orthogonalised twice, so that
 * QQᵀ = I to a few ε.
 */
export function haarOrthogonal(rng: Rng, b: number, k: number, options: TensorOptions = {}): Blocks {
  checkShape("haarOrthogonal", [b, k, k]);
  const Q = allocate("float64", b * k * k) as Float64Array;
  for (let block = 0; block < b; block++) {
    const rows = Array.from({ length: k }, (_, i) => Q.subarray((block * k + i) * k, (block * k + i + 1) * k));
    for (const [i, q] of rows.entries()) {
      for (let c = 0; c < k; c++) q[c] = rng.normal();
      for (const r of [...rows.slice(0, i), ...rows.slice(0, i)]) {
        const overlap = inner(q, r);
        for (let c = 0; c < k; c++) q[c] = (q[c] as number) - overlap * (r[c] as number);
      }
      const norm = Math.sqrt(inner(q, q));
      for (let c = 0; c < k; c++) q[c] = (q[c] as number) / norm;
    }
  }
  return tensor(Q, [b, k, k], options);
}

function inner(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += (a[i] as number) * (b[i] as number);
  return s;
}
