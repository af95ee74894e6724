import { add, concat, ShapeError, scale as scaleVector, slice, type Vector } from "@lodo/tensor";
import { type LinearOperator, linearOperator } from "./operator.ts";

/** A₁ A₂ ⋯: the last is applied first. @throws ShapeError where neighbours do not fit. */
export function compose(...factors: readonly [LinearOperator, ...LinearOperator[]]): LinearOperator {
  for (const [i, A] of factors.slice(1).entries()) {
    const cols = (factors[i] as LinearOperator).shape[1];
    if (A.shape[0] !== cols) throw new ShapeError("compose", `factor ${i} takes ${cols} dimensions, factor ${i + 1} gives ${A.shape[0]}`);
  }
  return linearOperator({
    structure: { kind: "compose", parts: factors },
    shape: [factors[0].shape[0], (factors.at(-1) as LinearOperator).shape[1]],
    tags: factors.every((A) => A.tags.has("orthogonal")) ? ["orthogonal"] : [],
    apply: (v) => factors.reduceRight((u, A) => A.apply(u), v),
    applyTranspose: (v) => factors.reduce((u, A) => A.transpose().apply(u), v),
    // (A₁ A₂ ⋯)ᵀ (A₁ A₂ ⋯) = ⋯ᵀ A₂ᵀ (A₁ᵀ A₁) A₂ ⋯
    applyGram: (v) => {
      const [first, ...others] = factors;
      const middle = timesGram(
        first,
        others.reduceRight((u, A) => A.apply(u), v),
      );
      return others.reduce((u, A) => A.transpose().apply(u), middle);
    },
  });
}

/** AᵀA v */
const timesGram = (A: LinearOperator, v: Vector): Vector => (A.applyGram ? A.applyGram(v) : A.transpose().apply(A.apply(v)));

/** AᵀA: symmetric positive semi-definite by construction. */
export const gram = (A: LinearOperator): LinearOperator =>
  linearOperator({
    structure: { kind: "gram", of: A },
    shape: [A.shape[1], A.shape[1]],
    tags: ["symmetric", "psd"],
    apply: (v) => timesGram(A, v),
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

/** A₁ + A₂ + ⋯: symmetric or psd where all are. @throws ShapeError unless their shapes agree. */
export function sum(...terms: readonly [LinearOperator, ...LinearOperator[]]): LinearOperator {
  const [first, ...others] = terms;
  for (const A of others) {
    if (A.shape.join() !== first.shape.join()) throw new ShapeError("sum", `shapes must agree, got [${first.shape}] and [${A.shape}]`);
  }
  return linearOperator({
    structure: { kind: "sum", parts: terms },
    shape: first.shape,
    tags: (["symmetric", "psd"] as const).filter((tag) => terms.every((A) => A.tags.has(tag))),
    apply: (v) => others.reduce((u, A) => add(u, A.apply(v)), first.apply(v)),
    applyTranspose: (v) => others.reduce((u, A) => add(u, A.transpose().apply(v)), first.transpose().apply(v)),
  });
}

/** AᵀDA: symmetric where D is, psd where D is. @throws ShapeError unless D fits A's rows. */
export function congruence(A: LinearOperator, D: LinearOperator): LinearOperator {
  const [rows, cols] = A.shape;
  if (D.shape[0] !== rows || D.shape[1] !== rows)
    throw new ShapeError("congruence", `D must be [${rows}, ${rows}] to fit A, got [${D.shape}]`);
  return linearOperator({
    structure: { kind: "congruence", of: D, by: A },
    shape: [cols, cols],
    tags: (["symmetric", "psd"] as const).filter((tag) => D.tags.has(tag)),
    apply: (v) => A.transpose().apply(D.apply(A.apply(v))),
    applyTranspose: (v) => A.transpose().apply(D.transpose().apply(A.apply(v))),
  });
}

/** diag(A₁, A₂, …) for square blocks of any sizes: each acts on its own slice. Carries the tags that all carry. */
export function blocks(...parts: readonly [LinearOperator, ...LinearOperator[]]): LinearOperator {
  for (const A of parts) if (A.shape[0] !== A.shape[1]) throw new ShapeError("blocks", `every block must be square, got [${A.shape}]`);
  const n = parts.reduce((size, A) => size + A.shape[0], 0);
  const each =
    (act: (A: LinearOperator, v: Vector) => Vector) =>
    (v: Vector): Vector => {
      let start = 0;
      const images = parts.map((A) => {
        const stop = start + A.shape[0];
        const image = act(A, slice(v, { start: [start], stop: [stop] }));
        start = stop;
        return image;
      });
      return concat(images);
    };
  return linearOperator({
    structure: { kind: "blocks", parts },
    shape: [n, n],
    tags: (["symmetric", "psd", "orthogonal"] as const).filter((tag) => parts.every((A) => A.tags.has(tag))),
    apply: each((A, v) => A.apply(v)),
    applyTranspose: each((A, v) => A.transpose().apply(v)),
  });
}
