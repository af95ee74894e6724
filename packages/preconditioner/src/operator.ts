import {
  array,
  type Blocks,
  basis,
  type DType,
  type Matrix,
  type Scalar,
  ShapeError,
  type Tensor,
  tensor,
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
  /** AᵀA v, for operators that have a shorter way than one after the other. */
  readonly applyGram?: (v: Vector) => Vector;
}

/** How an operator was built: one case for each constructor below. */
export type Structure =
  | { readonly kind: "permutation"; readonly indices: Int32Array }
  | { readonly kind: "blockDiagonal"; readonly blocks: Blocks }
  | { readonly kind: "chain"; readonly permutations: readonly Int32Array[]; readonly layers: Tensor }
  | { readonly kind: "residualChain"; readonly permutations: readonly Int32Array[] }
  | { readonly kind: "embed" }
  | { readonly kind: "diagonal"; readonly diagonal: Vector | Scalar }
  | { readonly kind: "dense"; readonly matrix: Matrix }
  | { readonly kind: "compose" | "sum" | "blocks"; readonly parts: readonly LinearOperator[] }
  | { readonly kind: "congruence"; readonly of: LinearOperator; readonly by: LinearOperator }
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
    case "residualChain":
      return `∏(I + W P){N=${s.permutations.length}}`;
    case "embed":
      return `E{${rows}×${cols}}`;
    case "diagonal":
      return `diag{${rows}}`;
    case "dense":
      return `dense{${rows}×${cols}}`;
    case "compose":
      return s.parts.map(describe).join(" ");
    case "sum":
      return `(${s.parts.map(describe).join(" + ")})`;
    case "blocks":
      return `blocks(${s.parts.map(describe).join(", ")})`;
    case "congruence":
      return `(${describe(s.by)})ᵀ ${describe(s.of)} (${describe(s.by)})`;
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
  /** v ↦ Aᵀ A v, where that has a shorter way. */
  readonly applyGram?: (v: Vector) => Vector;
}

/** An operator from functions. @throws ShapeError if it is neither tagged symmetric nor told its transpose. */
export function linearOperator({ structure, shape, tags = [], apply, applyTranspose, applyGram }: OperatorParts): LinearOperator {
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
    ...(applyGram ? { applyGram } : {}),
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
