import { dense, describe, type LinearOperator, type Tag } from "@lodo/preconditioner";
import { add, array, cast, type DType, DTypeError, epsilon, normal, type Rng, scale, TensorError, type Vector, zeros } from "@lodo/tensor";
import { Counterexample, expectClose, expectSameBits, expectShape } from "../counterexample.ts";
import type { Law } from "../law.ts";
import { expectThrows } from "../property/expectThrows.ts";
import { eigenvalues, expectNear, inner, norm2, rowsOf } from "../property/linearAlgebra.ts";

/** An operator and how exactly it can be expected to compute. */
export interface OperatorSample {
  readonly name: string;
  readonly operator: LinearOperator;
  readonly dtype: DType;
  /** Products and sums on the way from v to A v, at most. */
  readonly roundings: number;
}

/**
 * How much longer than ‖A‖_F ‖v‖ a vector on the way may be. Random factors near orthogonal ones, a dozen deep, stay below 4; an operator whose
 * factors cancel more than 16-fold computes worse than these laws demand.
 */
const CANCELLATION = 16;

/**
 * R roundings, each ε relative to vectors no longer than 16 ‖A‖_F ‖v‖, add up to less than 8 √R ε of that but for one case in 10¹² (Higham & Mary,
 * "A new approach to probabilistic rounding error analysis", 2019, Theorem 2.4 with λ = 8).
 */
export const operatorTolerance = (roundings: number, dtype: DType): number => 8 * Math.sqrt(roundings) * epsilon[dtype] * CANCELLATION;

/** The tolerance of A v for vectors as long as `length`. */
const toleranceOf = ({ operator, dtype, roundings }: OperatorSample, length: number): number =>
  operatorTolerance(roundings + operator.shape[0] + operator.shape[1], dtype) * norm2(array(dense(operator, { dtype }))) * length;

const draw = (rng: Rng, n: number, { dtype }: OperatorSample): Vector => normal(rng, [n], { dtype });

const linearLaw: Law<OperatorSample> = {
  name: "linear: A (a u + b v) = a A u + b A v",
  check: (sample, rng) => {
    const { operator: A } = sample;
    const [u, v] = [draw(rng, A.shape[1], sample), draw(rng, A.shape[1], sample)];
    const [a, b] = [rng.normal(), rng.normal()];
    const left = A.apply(add(scale(a, u), scale(b, v)));
    const right = add(scale(a, A.apply(u)), scale(b, A.apply(v)));
    expectShape(`A v of ${sample.name}`, left.shape, [A.shape[0]]);
    const length = Math.abs(a) * norm2(array(u)) + Math.abs(b) * norm2(array(v));
    return expectNear(`A (a u + b v) of ${sample.name}`, array(left), array(right), toleranceOf(sample, length));
  },
};

const denseLaw: Law<OperatorSample> = {
  name: "equals the matrix of its columns",
  check: (sample, rng) => {
    const { operator: A, dtype } = sample;
    const v = draw(rng, A.shape[1], sample);
    const expected = rowsOf(dense(A, { dtype })).map((row) => inner(row, array(v)));
    return expectNear(`A v of ${sample.name}`, array(A.apply(v)), expected, toleranceOf(sample, norm2(array(v))));
  },
};

const adjointLaw: Law<OperatorSample> = {
  name: "adjoint: ⟨u, A v⟩ = ⟨Aᵀ u, v⟩",
  check: (sample, rng) => {
    const { operator: A } = sample;
    expectShape(`the transpose of ${sample.name}`, A.transpose().shape, [A.shape[1], A.shape[0]]);
    const [u, v] = [draw(rng, A.shape[0], sample), draw(rng, A.shape[1], sample)];
    const [left, right] = [inner(array(u), array(A.apply(v))), inner(array(A.transpose().apply(u)), array(v))];
    expectClose(`⟨Aᵀ u, v⟩ of ${sample.name}`, right, left, toleranceOf(sample, norm2(array(u)) * norm2(array(v))));
    return 1;
  },
};

const transposeLaw: Law<OperatorSample> = {
  name: "transposing twice gives the same operator, to the bit",
  check: ({ name, operator: A, dtype }) => {
    const matrix = (operator: LinearOperator): ArrayLike<number> => array(dense(operator, { dtype }));
    expectSameBits(`the transposed transpose of ${name}`, matrix(A.transpose().transpose()), matrix(A));
    return 1;
  },
};

const claims: Readonly<Record<Tag, (what: string, A: readonly (readonly number[])[], tolerance: number) => void>> = {
  symmetric(what, A, tolerance) {
    const transposed = A.map((_, i) => A.map((row) => row[i] ?? Number.NaN));
    expectNear(`${what} is tagged symmetric: Aᵀ`, transposed.flat(), A.flat(), tolerance);
  },
  psd(what, A, tolerance) {
    const symmetricPart = A.map((row, i) => row.map((a, j) => (a + (A[j]?.[i] ?? Number.NaN)) / 2));
    const least = eigenvalues(symmetricPart).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    if (!(least >= -tolerance))
      throw new Counterexample(`${what} is tagged psd: expected eigenvalues of at least −${tolerance}, got ${least}`);
  },
  orthogonal(what, A, tolerance) {
    const columns = A.map((_, j) => A.map((row) => row[j] ?? Number.NaN));
    const products = columns.flatMap((a, i) => columns.map((b, j) => inner(a, b) - (i === j ? 1 : 0)));
    expectNear(
      `${what} is tagged orthogonal: AᵀA − I`,
      products,
      products.map(() => 0),
      tolerance,
    );
  },
};

/** The operators that an operator is built from, itself included. */
export function partsOf(A: LinearOperator): readonly LinearOperator[] {
  const { structure } = A;
  const children = [
    ...("parts" in structure ? structure.parts : []),
    ...("of" in structure ? [structure.of] : []),
    ...("by" in structure && typeof structure.by !== "number" ? [structure.by] : []),
  ];
  return [A, ...children.flatMap(partsOf)];
}

const tagsLaw: Law<OperatorSample> = {
  name: "is what its tags claim, and so is every part of it",
  check: (sample) => {
    let checks = 0;
    for (const part of [...partsOf(sample.operator), sample.operator.transpose()]) {
      if (part.tags.size === 0) continue;
      const A = rowsOf(dense(part, { dtype: sample.dtype }));
      const size = norm2(A.flat());
      for (const tag of part.tags) {
        expectShape(`${describe(part)}, tagged ${tag}`, part.shape, [part.shape[0], part.shape[0]]);
        const scale = tag === "orthogonal" ? size * size : size;
        claims[tag](`${describe(part)} of ${sample.name}`, A, toleranceOf({ ...sample, operator: part }, 1) * (scale / (size || 1)));
        checks++;
      }
    }
    return checks;
  },
};

const lengthLaw: Law<OperatorSample> = {
  name: "a vector of the wrong length is refused, naming both sides",
  check: ({ name, operator: A, dtype }) => {
    const sides = [
      ["A v", A],
      ["Aᵀ u", A.transpose()],
    ] as const;
    for (const [what, operator] of sides) {
      const [, cols] = operator.shape;
      for (const wrong of [cols + 1, cols - 1, 0].filter((n) => n >= 0 && n !== cols)) {
        expectThrows(`${what} of ${name} at length ${wrong}`, () => operator.apply(zeros([wrong], { dtype })), TensorError, [cols, wrong]);
      }
      const row = zeros([1, cols], { dtype }) as unknown as Vector;
      expectThrows(`${what} of ${name} at a matrix`, () => operator.apply(row), TensorError, [cols, row.shape.join()]);
    }
    return 2;
  },
};

/** An operator that holds numbers of its own does not mix them with those of another dtype. */
export const dtypeLaw: Law<OperatorSample> = {
  name: "a vector of another dtype is refused, naming both",
  check: ({ name, operator: A, dtype }) => {
    const v = cast(zeros([A.shape[1]], { dtype }), dtype === "float64" ? "float32" : "float64");
    expectThrows(`A v of ${name} in another dtype`, () => A.apply(v), DTypeError, ["float32", "float64"]);
    return 1;
  },
};

/** What every linear operator obeys. */
export const operatorLaws: readonly Law<OperatorSample>[] = [linearLaw, denseLaw, adjointLaw, transposeLaw, tagsLaw, lengthLaw];
