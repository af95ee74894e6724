import fc from "fast-check";

/** The smooth operations, and how many operands each takes. Those with a bounded argument are named after what bounds it. */
export const OPERATIONS = {
  neg: 1,
  "exp tanh": 1,
  "log (1 + x²)": 1,
  "sqrt (1 + x²)": 1,
  tanh: 1,
  sigmoid: 1,
  sin: 1,
  cos: 1,
  atan: 1,
  softmax: 1,
  logsumexp: 1,
  transpose: 1,
  flip: 1,
  sum: 1,
  gather: 1,
  scatterAdd: 1,
  slice: 1,
  pad: 1,
  avgPool2d: 1,
  add: 2,
  sub: 2,
  mul: 2,
  "div (1 + y²)": 2,
  "pow (1 + x²)": 2,
  matmul: 2,
  concat: 2,
  conv2d: 2,
} as const;

export type OperationName = keyof typeof OPERATIONS;

/** One operation on earlier results: operands by position, counted modulo how many there are. */
export interface Instruction {
  readonly op: OperationName;
  readonly x: number;
  readonly y: number;
  /** Axis, index or width where the operation wants one, modulo what it allows. */
  readonly k: number;
}

/** A program on one [rows, cols] matrix; every result is a matrix. Its value is the weighted sum of all results. */
export interface Expression {
  readonly rows: number;
  readonly cols: number;
  readonly instructions: readonly Instruction[];
  /** Where it is evaluated, and the two directions of differentiation: rows · cols numbers each. */
  readonly at: readonly number[];
  readonly u: readonly number[];
  readonly v: readonly number[];
}

const instruction: fc.Arbitrary<Instruction> = fc.record({
  op: fc.constantFrom(...(Object.keys(OPERATIONS) as OperationName[])),
  x: fc.nat(20),
  y: fc.nat(20),
  k: fc.nat(5),
});

/** Thousandths between −1.5 and 1.5: shrinks to 0. */
const number: fc.Arbitrary<number> = fc.integer({ min: -1500, max: 1500 }).map((n) => n / 1000);

export const expressions: fc.Arbitrary<Expression> = fc
  .record({ rows: fc.integer({ min: 1, max: 3 }), cols: fc.integer({ min: 1, max: 3 }) })
  .chain(({ rows, cols }) => {
    const numbers = fc.array(number, { minLength: rows * cols, maxLength: rows * cols });
    return fc.record({
      rows: fc.constant(rows),
      cols: fc.constant(cols),
      instructions: fc.array(instruction, { minLength: 1, maxLength: 10, size: "max" }),
      at: numbers,
      u: numbers,
      v: numbers,
    });
  });

type Taking<N extends 1 | 2> = { readonly [K in OperationName]: (typeof OPERATIONS)[K] extends N ? K : never }[OperationName];

/** What an interpreter must be able to do with its matrices. `sin` of an operand keeps products bounded. */
export interface Algebra<M> {
  shape(x: M): readonly [rows: number, cols: number];
  unary(name: Taking<1>, x: M, k: number): M;
  binary(name: Taking<2>, x: M, y: M, k: number): M;
}

const LARGEST = 24;

/** Every result in order, the input first. Operands that do not fit are transposed, or summed to [1, 1]; results past 24 numbers as well. */
export function evaluate<M>(algebra: Algebra<M>, input: M, { instructions }: Expression): readonly M[] {
  const results = [input];
  const pick = (i: number): M => results[i % results.length] as M;
  const small = (x: M): M => (algebra.shape(x)[0] * algebra.shape(x)[1] > LARGEST ? algebra.unary("sum", x, 0) : x);
  for (const { op, x, y, k } of instructions) {
    if (OPERATIONS[op] === 1) results.push(small(algebra.unary(op as Taking<1>, pick(x), k)));
    else {
      const name = op as Taking<2>;
      const [a, b] = [pick(x), pick(y)];
      results.push(small(algebra.binary(name, a, fitting(algebra, name, a, b, k), k)));
    }
  }
  return results;
}

/** b, or what can be made of it so that it goes with a. */
function fitting<M>(algebra: Algebra<M>, name: string, a: M, b: M, k: number): M {
  const [m, n] = algebra.shape(a);
  const fits = (y: M): boolean => {
    if (name === "conv2d") return true;
    const [p, q] = algebra.shape(y);
    if (name === "matmul") return n === p;
    if (name === "concat") return k % 2 === 0 ? n === q : m === p;
    return (m === p || m === 1 || p === 1) && (n === q || n === 1 || q === 1);
  };
  const candidates = [() => b, () => algebra.unary("transpose", b, 0), () => algebra.unary("sum", b, 0)].map((make) => make());
  return candidates.find(fits) ?? (name === "matmul" ? algebra.unary("transpose", a, 0) : a);
}
