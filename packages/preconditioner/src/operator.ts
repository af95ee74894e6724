import {
  ArgumentError,
  array,
  type Blocks,
  basis,
  type DType,
  gather,
  type Matrix,
  matmul,
  mul,
  pad,
  reshape,
  type Scalar,
  ShapeError,
  scale as scaleVector,
  scatterAdd,
  slice,
  type Tensor,
  tensor,
  transpose,
  type Vector,
} from "@lodo/tensor";

/** What an operator claims to be. The conformance kit tests every claim. */
export type Tag = "symmetric" | "psd" | "orthogonal";

/** A: ℝᶜᵒˡˢ → ℝʳᵒʷˢ, v ↦ A v: differentiable in v and in the tensors it was built from. */
export interface LinearOperator {
  /** What it was built as, and from which parts: enough to print it, or to choose another way to compute it. */
  readonly structure: Structure;
  readonly shape: readonly [rows: number, cols: number];
  readonly tags: ReadonlySet<Tag>;
  /** A v. @throws ShapeError unless v has `cols` elements. */
  apply(v: Vector): Vector;
  /** Aᵀ */
  transpose(): LinearOperator;
}

/** How an operator was built: one case for each constructor below. */
export type Structure =
  | { readonly kind: "permutation"; readonly indices: Int32Array }
  | { readonly kind: "blockDiagonal"; readonly blocks: Blocks }
  | { readonly kind: "chain"; readonly permutations: readonly Int32Array[]; readonly layers: Tensor }
  | { readonly kind: "embed" }
  | { readonly kind: "diagonal"; readonly diagonal: Vector | Scalar }
  | { readonly kind: "dense"; readonly matrix: Matrix }
  | { readonly kind: "compose"; readonly factors: readonly LinearOperator[] }
  | { readonly kind: "gram"; readonly of: LinearOperator }
  | { readonly kind: "scale"; readonly by: number; readonly of: LinearOperator }
  | { readonly kind: "transpose"; readonly of: LinearOperator }
  | { readonly kind: "custom"; readonly name: string };

/** The operator as a formula, for people: `0.27 (chain{N=16, k=4} E{204×100})ᵀ (chain{N=16, k=4} E{204×100})`. */
export function describe({ structure: s, shape: [rows, cols] }: LinearOperator): string {
  switch (s.kind) {
    case "permutation":
      return `P{${rows}}`;
    case "blockDiagonal":
      return `B{${s.blocks.shape.join("×")}}`;
    case "chain":
      return `chain{N=${s.layers.shape[0]}, k=${s.layers.shape[2]}}`;
    case "embed":
      return `E{${rows}×${cols}}`;
    case "diagonal":
      return `diag{${rows}}`;
    case "dense":
      return `dense{${rows}×${cols}}`;
    case "compose":
      return s.factors.map(describe).join(" ");
    case "gram":
      return `(${describe(s.of)})ᵀ (${describe(s.of)})`;
    case "scale":
      return `${s.by} ${describe(s.of)}`;
    case "transpose":
      return `(${describe(s.of)})ᵀ`;
    case "custom":
      return s.name;
  }
}

export interface OperatorParts {
  /** A name, or how it was built. */
  readonly structure: string | Structure;
  readonly shape: readonly [rows: number, cols: number];
  /** Only what holds by construction. */
  readonly tags?: readonly Tag[];
  readonly apply: (v: Vector) => Vector;
  /** v ↦ Aᵀ v. Left out where A is symmetric. */
  readonly applyTranspose?: (v: Vector) => Vector;
}

/** An operator from functions. @throws ShapeError if it is neither tagged symmetric nor told its transpose. */
export function linearOperator({ structure, shape, tags = [], apply, applyTranspose }: OperatorParts): LinearOperator {
  const [rows, cols] = shape;
  const self: LinearOperator = {
    structure: typeof structure === "string" ? { kind: "custom", name: structure } : structure,
    shape,
    tags: new Set(tags),
    apply: (v) => {
      if (v.shape.length === 1 && v.shape[0] === cols) return apply(v);
      throw new ShapeError(describe(self), `expected v of length ${cols} (columns), got shape [${v.shape}]`);
    },
    transpose: () => {
      if (self.tags.has("symmetric")) return self;
      const kept = tags.filter((tag) => tag === "orthogonal");
      const back = applyTranspose as (v: Vector) => Vector;
      return linearOperator({
        structure: { kind: "transpose", of: self },
        shape: [cols, rows],
        tags: kept,
        apply: back,
        applyTranspose: apply,
      });
    },
  };
  if (!applyTranspose && !self.tags.has("symmetric")) throw new ShapeError(describe(self), "is not symmetric and needs applyTranspose");
  return self;
}

/** The matrix [A e₁ … A eₙ], [rows, cols]. */
export function dense(A: LinearOperator, { dtype = "float64" }: { readonly dtype?: DType } = {}): Matrix {
  const [m, n] = A.shape;
  const entries = new Float64Array(m * n);
  for (let j = 0; j < n; j++) for (const [i, a] of array(A.apply(basis(n, j, { dtype }))).entries()) entries[i * n + j] = a;
  return tensor(entries, [m, n], { dtype });
}

/** v ↦ A v for a matrix in full. */
export const matrixOperator = (A: Matrix, tags: readonly Tag[] = []): LinearOperator =>
  linearOperator({
    structure: { kind: "dense", matrix: A },
    shape: A.shape,
    tags,
    apply: (v) => matmul(A, v),
    applyTranspose: (v) => matmul(transpose(A), v),
  });

/**
 * v ↦ d ⊙ v on ℝⁿ, d: [n] or a scalar. Symmetric, and psd only while no entry is negative, which it does not claim.
 * @throws ShapeError if d is of another length.
 */
export function diagonalOperator(n: number, d: Vector | Scalar): LinearOperator {
  if (d.shape.length !== 0 && d.shape[0] !== n)
    throw new ShapeError("diagonal", `expected a diagonal of length ${n}, got shape [${d.shape}]`);
  return linearOperator({
    structure: { kind: "diagonal", diagonal: d },
    shape: [n, n],
    tags: ["symmetric"],
    apply: (v) => mul(v, d as Vector),
  });
}

/** y = P x, yᵢ = x_{π(i)}. @throws as `checkPermutation` does. */
export function permutation(indices: Int32Array): LinearOperator {
  const n = indices.length;
  checkPermutation("permutation", indices, n);
  return linearOperator({
    structure: { kind: "permutation", indices },
    shape: [n, n],
    tags: ["orthogonal"],
    apply: (v) => gather(v, indices),
    applyTranspose: (v) => scatterAdd(v, indices, { size: n }),
  });
}

/** @throws ShapeError unless the indices are a permutation of 0 … n − 1, ArgumentError unless they are an Int32Array. */
export function checkPermutation(op: string, indices: Int32Array, n: number): void {
  if (!(indices instanceof Int32Array)) throw new ArgumentError(op, `expected a permutation as an Int32Array, got ${typeof indices}`);
  if (indices.length !== n) throw new ShapeError(op, `expected a permutation of length ${n}, got ${indices.length} indices`);
  const seen = new Uint8Array(n);
  for (const [i, j] of indices.entries()) {
    if (!(j >= 0 && j < n)) throw new ShapeError(op, `expected a permutation of 0 … ${n - 1}, got index ${j} at position ${i}`);
    if (seen[j] === 1) throw new ShapeError(op, `expected a permutation of 0 … ${n - 1}, got index ${j} twice`);
    seen[j] = 1;
  }
}

/** y = B x, block by block. B: [b, k, k], x: [b·k] → [b·k]. @throws ShapeError unless the blocks are square. */
export function blockDiagonal(B: Blocks): LinearOperator {
  const [b, k, cols] = B.shape;
  if (k !== cols) throw new ShapeError("blockDiagonal", `blocks must be square, got shape [${B.shape}]`);
  const times = (blocks: Blocks, v: Vector): Vector => reshape(matmul(blocks, reshape(v, [b, k, 1])), [b * k]);
  return linearOperator({
    structure: { kind: "blockDiagonal", blocks: B },
    shape: [b * k, b * k],
    apply: (v) => times(B, v),
    applyTranspose: (v) => times(transpose(B, [0, 2, 1]), v),
  });
}

/** E = [I 0]ᵀ: ℝⁿ → ℝᵐ, v ↦ (v, 0). @throws ShapeError unless n ≤ m. */
export function embed(n: number, m: number): LinearOperator {
  if (n > m) throw new ShapeError("embed", `cannot embed ${n} dimensions in ${m}`);
  return linearOperator({
    structure: { kind: "embed" },
    shape: [m, n],
    apply: (v) => pad(v, { after: [m - n] }),
    applyTranspose: (v) => slice(v, { stop: [n] }),
  });
}

/** A₁ A₂ ⋯: the last is applied first. @throws ShapeError where neighbours do not fit. */
export function compose(...factors: readonly [LinearOperator, ...LinearOperator[]]): LinearOperator {
  for (const [i, A] of factors.slice(1).entries()) {
    const cols = (factors[i] as LinearOperator).shape[1];
    if (A.shape[0] !== cols) throw new ShapeError("compose", `factor ${i} takes ${cols} dimensions, factor ${i + 1} gives ${A.shape[0]}`);
  }
  return linearOperator({
    structure: { kind: "compose", factors },
    shape: [factors[0].shape[0], (factors.at(-1) as LinearOperator).shape[1]],
    tags: factors.every((A) => A.tags.has("orthogonal")) ? ["orthogonal"] : [],
    apply: (v) => factors.reduceRight((u, A) => A.apply(u), v),
    applyTranspose: (v) => factors.reduce((u, A) => A.transpose().apply(u), v),
  });
}

/** AᵀA: symmetric positive semi-definite by construction. */
export const gram = (A: LinearOperator): LinearOperator =>
  linearOperator({
    structure: { kind: "gram", of: A },
    shape: [A.shape[1], A.shape[1]],
    tags: ["symmetric", "psd"],
    apply: (v) => A.transpose().apply(A.apply(v)),
  });

/** c A; stays symmetric, and psd where c ≥ 0. */
export const scale = (c: number, A: LinearOperator): LinearOperator =>
  linearOperator({
    structure: { kind: "scale", by: c, of: A },
    shape: A.shape,
    tags: [...A.tags].filter((tag) => tag === "symmetric" || (tag === "psd" && c >= 0)),
    apply: (v) => scaleVector(c, A.apply(v)),
    applyTranspose: (v) => scaleVector(c, A.transpose().apply(v)),
  });
