import {
  abs,
  add,
  div,
  greater,
  leaves,
  max,
  maximum,
  mul,
  type Params,
  type Scalar,
  scalar,
  sqrt,
  sum,
  type Tensor,
  where,
} from "@lodo/tensor";

/** What to divide numbers of size up to M by, so that their squares neither overflow nor vanish: M, or 1 where M is 0, infinite or NaN. */
export const unitFor = (M: Scalar): Scalar => where(mul(greater(M, 0), greater(Number.POSITIVE_INFINITY, M)), M, 1) as Scalar;

/** ‖tree‖₂ over the numbers of all its tensors, also where their squares overflow. NaN if one of them is. */
export function globalNorm(tree: Params): Scalar {
  const parts = leaves(tree).filter(({ size }) => size > 0);
  const [first, ...rest] = parts.map((t) => max(abs(t)));
  if (!first) return scalar(0);
  const unit = unitFor(rest.reduce((a: Scalar, b) => maximum(a, b) as Scalar, first));
  // ‖t‖ = u √Σ (tᵢ/u)²
  const square = (t: Tensor): Scalar => sum(mul(div(t, unit), div(t, unit)));
  return mul(unit, sqrt(parts.map(square).reduce((a, b) => add(a, b))));
}
