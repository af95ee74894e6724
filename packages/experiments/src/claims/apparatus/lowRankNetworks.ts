import type { Connection, SparseMatrix } from "@lodo/preconditioner";
import type { Rows } from "./plainMatrices.ts";

const carry = (count: number, to: number, from: number): Connection[] =>
  Array.from({ length: count }, (_, i) => ({ to: to + i, from: from + i, weight: 1 }));

/**
 * x ↦ (v₁ᵀx, …, v_rᵀx) a product at a time, with x and what is done carried along: at most 2n + r − 2 connections a layer. V: r vectors of n.
 */
export function projectionNetwork(V: Rows): readonly SparseMatrix[] {
  const [r, n] = [V.length, V[0]?.length ?? 0];
  return V.map((v, k) => {
    const kept = k < r - 1 ? n : 0;
    const connections = [
      ...carry(kept, 0, 0),
      ...carry(k, kept, n),
      ...v.map((weight, j): Connection => ({ to: kept + k, from: j, weight })),
    ];
    return { rows: kept + k + 1, cols: n + k, connections };
  });
}

/** x ↦ Σ uₖ vₖᵀ x: the products, then y = Σ aₖ uₖ a term at a time, with y and the aₖ still to come carried along. U, V: r vectors of n. */
export function lowRankNetwork(U: Rows, V: Rows): readonly SparseMatrix[] {
  const [r, n] = [U.length, U[0]?.length ?? 0];
  const sums = U.map((u, k): SparseMatrix => {
    const done = k > 0 ? n : 0;
    const connections = [
      ...carry(done, 0, 0),
      ...u.map((weight, i): Connection => ({ to: i, from: done, weight })),
      ...carry(r - 1 - k, n, done + 1),
    ];
    return { rows: n + r - 1 - k, cols: done + r - k, connections };
  });
  return [...projectionNetwork(V), ...sums];
}
