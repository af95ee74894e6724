import {
  add,
  checkpoint,
  dot,
  einsum,
  exp,
  eye,
  flip,
  type Matrix,
  matmul,
  mul,
  outer,
  type Rng,
  type Shape,
  scale,
  sin,
  slice,
  solve,
  sum,
  type Tensor,
  tanh,
  transpose,
  type Vector,
} from "@lodo/tensor";
import { elementwise, eliminated, product, type Reference, sliced, summedOverLetters, total, transposed } from "../reference/operations.ts";
import type { Plain } from "../reference/plain.ts";
import { preciseExp, preciseSin, preciseTanh } from "../reference/precise.ts";
import type { Operation, Sample } from "../sample.ts";
import { between, type Domain, drawn, either, ordinary } from "./domain.ts";

const large = either(between(1e60, 2e60, 1e60));
const small = either(between(1e-60, 2e-60, 1e-60));

/** Sums of at most six products: six roundings, and six of the reference. */
const SUM = 12;

type Of = (...xs: readonly Tensor[]) => Tensor;

const multilinear = (name: string, shapes: readonly Shape[], f: Of, reference: Reference, domain: Domain = ordinary): Sample => ({
  name,
  inputs: (rng) => shapes.map((shape) => drawn(rng, domain, shape)),
  f,
  reference,
  h: domain.h,
  roundings: SUM,
});

const matmul2: Of = (A, B) => matmul(A as Tensor, B as Tensor);
const products = (name: string, a: Shape, b: Shape, domain?: Domain): Sample => multilinear(name, [a, b], matmul2, product, domain);

const matmulOperation: Operation = {
  name: "matmul",
  samples: [
    products("matrix, matrix", [2, 3], [3, 2]),
    products("square", [2, 2], [2, 2]),
    products("matrix, vector", [2, 3], [3]),
    products("vector, matrix", [3], [3, 2]),
    products("vector, vector", [3], [3]),
    products("one by one", [1, 1], [1, 1]),
    products("batch, batch", [2, 2, 3], [2, 3, 1]),
    products("batch, matrix", [2, 1, 2], [2, 2]),
    products("matrix, batch", [1, 2], [2, 2, 2]),
    products("batch, vector", [2, 2, 2], [2]),
    products("rank 4, broadcasting both ways", [2, 1, 1, 2], [1, 2, 2, 1]),
    products("no rows", [0, 2], [2, 3]),
    products("nothing to sum", [2, 0], [0, 2]),
    products("batch of none", [0, 2, 2], [0, 2, 1]),
    products("large magnitude", [2, 2], [2, 2], large),
    products("small magnitude", [2, 2], [2, 2], small),
    multilinear(
      "same matrix twice",
      [[2, 2]],
      (A) => matmul(A as Tensor, A as Tensor),
      (A) => product(A as Plain, A as Plain),
    ),
    multilinear(
      "a matrix and its transpose",
      [[2, 3]],
      (A) => matmul(A as Tensor, transpose(A as Tensor)),
      (A) => product(A as Plain, transposed()(A as Plain)),
    ),
    multilinear(
      "transposed and sliced views",
      [
        [3, 2],
        [3, 5],
      ],
      (A, B) => matmul(transpose(A as Tensor), slice(B as Tensor, { step: [1, 2] })),
      (A, B) => product(transposed()(A as Plain), sliced([0, 0], [3, 5], [1, 2])(B as Plain)),
    ),
  ],
};

const dots = (name: string, n: number, domain?: Domain): Sample =>
  multilinear(name, [[n], [n]], (x, y) => dot(x as Vector, y as Vector), product, domain);

const dotOperation: Operation = {
  name: "dot",
  samples: [
    dots("vectors", 4),
    dots("one element", 1),
    { ...dots("no elements", 0), reference: () => ({ shape: [], data: [0] }) },
    dots("large magnitude", 3, large),
    dots("small magnitude", 3, small),
    multilinear(
      "same vector twice",
      [[3]],
      (x) => dot(x as Vector, x as Vector),
      (x) => product(x as Plain, x as Plain),
    ),
  ],
};

const outers = (name: string, m: number, n: number, domain?: Domain): Sample => ({
  ...multilinear(name, [[m], [n]], (x, y) => outer(x as Vector, y as Vector), summedOverLetters("i,j->ij"), domain),
  roundings: 0,
});

const outerOperation: Operation = {
  name: "outer",
  samples: [
    outers("vectors", 2, 3),
    outers("one element", 1, 2),
    outers("no rows", 0, 2),
    outers("large magnitude", 2, 2, large),
    outers("small magnitude", 2, 2, small),
    {
      ...multilinear(
        "same vector twice",
        [[3]],
        (x) => outer(x as Vector, x as Vector),
        (x) => summedOverLetters("i,j->ij")(x as Plain, x as Plain),
      ),
      roundings: 0,
    },
  ],
};

const contractions = (formula: string, ...shapes: readonly Shape[]): Sample =>
  multilinear(formula, shapes, (...xs) => einsum(formula, ...xs), summedOverLetters(formula));

const einsumOperation: Operation = {
  name: "einsum",
  samples: [
    contractions("->", []),
    contractions("i->", [4]),
    contractions("ij->ji", [2, 3]),
    contractions("ii->", [3, 3]),
    contractions("ii->i", [3, 3]),
    contractions("iij->j", [2, 2, 3]),
    contractions("ij,jk->ik", [2, 3], [3, 2]),
    contractions("ij,j->i", [2, 3], [3]),
    contractions("i,j->ij", [2], [3]),
    contractions("i,i->", [3], [3]),
    contractions("bij,bjk->bik", [2, 1, 2], [2, 2, 2]),
    contractions("ij,ij->ij", [2, 2], [2, 2]),
    contractions("ij,kl->", [2, 2], [1, 2]),
    contractions("i,ij,j->", [2], [2, 2], [2]),
    contractions("abcd,ce->ebad", [2, 1, 2, 1], [2, 2]),
    contractions("ij,jk->ik", [0, 2], [2, 2]),
    contractions("ij,jk->ik", [2, 0], [0, 2]),
  ].map((sample, i) => ({ ...sample, name: `${sample.name} (${i})` })),
};

/** A = 4I + E with |E| ≤ ½ is well conditioned: κ(A) ≤ 3 up to n = 3. Elimination costs about n² roundings of each of the two solvers. */
const dominant = (rng: Rng, n: number, c = 1): Tensor => scale(c, add(scale(4, eye(n)), drawn(rng, between(-0.5, 0.5, 1), [n, n])));

const solves = (name: string, n: number, b: Shape, c = 1): Sample => ({
  name,
  inputs: (rng) => [dominant(rng, n, c), drawn(rng, ordinary, b)],
  f: (A, x) => solve(A as Matrix, x as Tensor),
  reference: eliminated,
  h: [c, 1],
  roundings: 40,
  coupled: true,
});

const solveOperation: Operation = {
  name: "solve",
  samples: [
    solves("vector", 3, [3]),
    solves("columns", 2, [2, 3]),
    solves("one column", 3, [3, 1]),
    solves("one by one", 1, [1]),
    solves("one by one, columns", 1, [1, 2]),
    solves("no equations", 0, [0]),
    solves("no columns", 2, [2, 0]),
    solves("large magnitude", 2, [2], 1e60),
    solves("small magnitude", 2, [2], 1e-60),
    {
      ...solves("pivoting", 2, [2]),
      inputs: (rng) => [matmul(dominant(rng, 2), flip(eye(2), { axes: 1 })), drawn(rng, ordinary, [2])],
    },
    {
      ...solves("a matrix and itself", 2, [2]),
      inputs: (rng) => [dominant(rng, 2)],
      f: (A) => solve(A as Matrix, A as Tensor),
      reference: (A) => eliminated(A as Plain, A as Plain),
    },
    {
      ...solves("transposed and sliced views", 3, [5]),
      f: (A, b) => solve(transpose(A as Matrix), slice(b as Tensor, { step: [2] })),
      reference: (A, b) => eliminated(transposed()(A as Plain), sliced([0], [5], [2])(b as Plain)),
    },
    {
      ...solves("transposed columns", 2, [3, 2]),
      f: (A, b) => solve(A as Matrix, transpose(b as Tensor)),
      reference: (A, b) => eliminated(A as Plain, transposed()(b as Plain)),
    },
  ],
};

const bounded = between(-1, 1, 0.2);
const checkpointed = (name: string, shapes: readonly Shape[], f: Of, reference: Reference, roundings: number): Sample => ({
  name,
  inputs: (rng) => shapes.map((shape) => drawn(rng, bounded, shape)),
  f: (...xs) => checkpoint((zs: readonly Tensor[]) => f(...zs))(xs),
  reference,
  h: bounded.h,
  roundings,
});

const waves = elementwise((x) => preciseExp(preciseSin(x)));

const checkpointOperation: Operation = {
  name: "checkpoint",
  samples: [
    checkpointed("vector", [[3]], (x) => exp(sin(x as Tensor)), waves, 8),
    checkpointed("rank 4", [[2, 1, 2, 1]], (x) => exp(sin(x as Tensor)), waves, 8),
    checkpointed("no elements", [[0]], (x) => exp(sin(x as Tensor)), waves, 8),
    checkpointed(
      "two tensors",
      [[2], []],
      (x, y) => mul(tanh(x as Tensor), y as Tensor),
      elementwise((x, y) => preciseTanh(x) * y),
      8,
    ),
    checkpointed(
      "inside a checkpoint",
      [[3]],
      (x) => checkpoint((z: Tensor) => sum(mul(z, sin(z))))(x as Tensor),
      (x) => ({
        shape: [],
        data: [total((x as Plain).data.map((z) => z * preciseSin(z)))],
      }),
      12,
    ),
  ],
};

export const linearAlgebraOperations: readonly Operation[] = [
  matmulOperation,
  dotOperation,
  outerOperation,
  einsumOperation,
  solveOperation,
  checkpointOperation,
];
