import {
  blockDiagonal,
  defineArchitecture,
  diagonalOperator,
  type LinearOperator,
  linearOperator,
  matrixOperator,
  type Preconditioner,
  type RegisteredArchitecture,
  rate,
  scaleOperator,
} from "@lodo/preconditioner";
import {
  add,
  type Blocks,
  cast,
  createRng,
  type DType,
  definePrimitive,
  eye,
  fused,
  haarOrthogonal,
  type Matrix,
  matmul,
  mul,
  normal,
  ones,
  type Params,
  type Rng,
  scale,
  stopGradient,
  Tensor,
  transpose,
  type Vector,
} from "@lodo/tensor";

/** What is wrong, and a word from the name of each law that must notice. */
export interface WrongArchitecture {
  readonly architecture: RegisteredArchitecture;
  readonly noticedBy: readonly string[];
}

interface Parts {
  readonly n: number;
  readonly dtype: DType;
  readonly alpha0: number;
  readonly rng: Rng | undefined;
}

type Built = Pick<Preconditioner, "init" | "at"> & Partial<Pick<Preconditioner, "fixed" | "start" | "alpha0">>;

const wrong = (id: string, noticedBy: readonly string[], build: (parts: Parts) => Built): WrongArchitecture => ({
  noticedBy,
  architecture: defineArchitecture({
    id,
    summary: id,
    reference: "wrong on purpose",
    hyperparameters: { alpha0: rate(1, "α₀") },
    cost: ({ dim: n }) => ({ parameters: n, multiplyAdds: n }),
    build: ({ dim: n, dtype, alpha0, rng }) => ({ start: "exact", alpha0, ...build({ n, dtype, alpha0, rng }) }),
  }),
});

const onesAt = ({ n, dtype }: Parts): Pick<Built, "init"> => ({ init: () => ones([n], { dtype }) });
const identityAt = ({ n, dtype, alpha0 }: Parts): Pick<Built, "init"> => ({ init: () => scale(alpha0, eye(n, { dtype })) });

/** α₀ diag(θ) with another way to apply it. */
const diagonalBy = (parts: Parts, apply: (θ: Vector, v: Vector) => Vector): Built => ({
  ...onesAt(parts),
  at: (θ) => {
    const scaled = (v: Vector): Vector => scale(parts.alpha0, apply(θ as Vector, v));
    return linearOperator({ structure: "D", shape: [parts.n, parts.n], tags: ["symmetric"], apply: scaled });
  },
});

const squareOnce = definePrimitive<Record<never, never>>({
  name: "squareWithoutSecondDerivative",
  forward: (_, x) => {
    const xs = new Tensor(x as never);
    return { out: mul(xs, xs).storage };
  },
  vjp: (ct, { ins: [x] }) => [() => mul(ct, scale(2, stopGradient(x as Tensor)))],
});

const fusedProduct = (name: string, valueError: number, cotangentError: number) =>
  fused<Record<never, never>>({
    name,
    definition: (_, θ, v) => mul(θ as Tensor, v as Tensor),
    forward: (_, θ, v) => ({ out: scale(1 + valueError, mul(new Tensor(θ as never), new Tensor(v as never))).storage }),
    backward: (_, ct, [θ, v]) => [v, θ].map((other) => scale(1 + cotangentError, mul(new Tensor(ct), new Tensor(other as never))).storage),
  });

const productOfWrongValue = fusedProduct("productOfWrongValue", 1e-6, 0);
const productOfWrongCotangent = fusedProduct("productOfWrongCotangent", 0, 1e-6);

const everywhere = createRng(1);

/** A number that counts its readings. */
function counter(): () => number {
  let readings = 0;
  return () => readings++;
}

/** The transpose forgets that it was once transposed. */
const transposedAway = (A: LinearOperator, θ: Matrix): LinearOperator => ({
  ...A,
  transpose: () => ({ ...matrixOperator(transpose(θ)), transpose: () => scaleOperator(1.001, A) }),
});

const lenient = (A: LinearOperator, apply: (v: Vector) => Vector): LinearOperator => ({ ...A, apply, transpose: () => lenient(A, apply) });

/** Architectures that each break something, and everything here that looks right is. */
export const wrongArchitectures: readonly WrongArchitecture[] = [
  wrong("a transpose that is none", ["adjoint"], (parts) => ({
    ...identityAt(parts),
    at: (θ) => {
      const apply = (v: Vector): Vector => matmul(θ as Matrix, v);
      return linearOperator({ structure: "A", shape: [parts.n, parts.n], apply, applyTranspose: apply });
    },
  })),
  wrong("a transpose of a transpose that is another", ["transposing twice"], (parts) => ({
    ...identityAt(parts),
    at: (θ) => transposedAway(matrixOperator(θ as Matrix), θ as Matrix),
  })),
  wrong("psd near its start only", ["tags"], (parts) => ({
    ...onesAt(parts),
    at: (θ) =>
      linearOperator({
        structure: "D",
        shape: [parts.n, parts.n],
        tags: ["symmetric", "psd"],
        apply: (v) => scale(parts.alpha0, mul(θ as Vector, v)),
      }),
  })),
  wrong("symmetric at its start only", ["tags", "adjoint"], (parts) => ({
    ...identityAt(parts),
    at: (θ) => matrixOperator(θ as Matrix, ["symmetric"]),
  })),
  wrong("orthogonal at its start only", ["tags"], (parts) => ({
    init: (rng) => haarOrthogonal(rng, 1, parts.n, { dtype: parts.dtype }),
    start: "approximate",
    at: (θ) => {
      const B = blockDiagonal(θ as Blocks);
      return { ...B, tags: new Set(["orthogonal" as const]) };
    },
  })),
  wrong("a start that is twice too long", ["starts where"], (parts) => ({
    init: () => scale(2 * parts.alpha0, eye(parts.n, { dtype: parts.dtype })),
    at: (θ) => matrixOperator(θ as Matrix),
  })),
  wrong("an approximate start that ascends", ["starts where"], (parts) => ({
    init: () => scale(-parts.alpha0, eye(parts.n, { dtype: parts.dtype })),
    start: "approximate",
    at: (θ) => matrixOperator(θ as Matrix),
  })),
  wrong("deaf to its α₀", ["twice the α₀"], (parts) => ({
    ...onesAt(parts),
    alpha0: 1,
    at: (θ) => diagonalOperator(parts.n, θ as Vector),
  })),
  wrong("an approximate start that is deaf to α₀", ["twice the α₀"], (parts) => ({
    ...onesAt(parts),
    start: "approximate",
    at: (θ) => diagonalOperator(parts.n, θ as Vector),
  })),
  wrong("not linear", ["linear"], (parts) => diagonalBy(parts, (θ, v) => mul(mul(θ, θ), mul(v, v)))),
  wrong("affine", ["linear", "matrix of its columns"], (parts) => diagonalBy(parts, (θ, v) => add(mul(θ, v), 1e-6))),
  wrong("writes to its argument", ["changes neither"], (parts) =>
    diagonalBy(parts, (θ, v) => {
      const y = mul(θ, v);
      v.storage.set(0, v.storage.get(0) / 2);
      return y;
    }),
  ),
  wrong("writes to its parameters", ["changes neither", "same bits"], (parts) =>
    diagonalBy(parts, (θ, v) => {
      const y = mul(θ, v);
      if (!θ.trace) θ.storage.set(0, θ.storage.get(0) + 1);
      return y;
    }),
  ),
  wrong("remembers what it was applied to", ["same bits"], (parts) => {
    const applications = counter();
    return diagonalBy(parts, (θ, v) => scale(1 + 1e-15 * applications(), mul(θ, v)));
  }),
  wrong("draws its start from a generator of its own", ["same bits"], (parts) => ({
    init: () => add(normal(everywhere, [parts.n, parts.n], { dtype: parts.dtype }), eye(parts.n, { dtype: parts.dtype })),
    start: "approximate",
    at: (θ) => matrixOperator(θ as Matrix),
  })),
  wrong("draws what is fixed from a generator of its own", ["same bits"], (parts) => ({
    ...identityAt(parts),
    fixed: { signs: [Int32Array.of(everywhere.integer(1e9))] },
    at: (θ) => matrixOperator(θ as Matrix),
  })),
  wrong("keeps to itself what is fixed", ["saved and loaded"], (parts) => {
    const signs = normal(parts.rng ?? everywhere, [parts.n]);
    return {
      ...onesAt(parts),
      start: "approximate",
      at: (θ) => diagonalOperator(parts.n, mul(θ as Vector, mul(cast(signs, parts.dtype), cast(signs, parts.dtype)))),
    };
  }),
  wrong("holds θ constant", ["pullback to θ", "hypergradient"], (parts) => diagonalBy(parts, (θ, v) => mul(stopGradient(θ), v))),
  wrong("holds v constant", ["pullback to θ"], (parts) => diagonalBy(parts, (θ, v) => mul(θ, stopGradient(v)))),
  wrong("has no second derivative", ["derivative of the pullback"], (parts) =>
    diagonalBy(parts, (θ, v) => mul(squareOnce({}, θ) as Vector, v)),
  ),
  wrong("a fused value off by 1e-6", ["fused primitive"], (parts) =>
    diagonalBy(parts, (θ, v) => productOfWrongValue({}, θ, v) as Tensor as Vector),
  ),
  wrong("a fused cotangent off by 1e-6", ["fused primitive", "pullback to θ"], (parts) =>
    diagonalBy(parts, (θ, v) => productOfWrongCotangent({}, θ, v) as Tensor as Vector),
  ),
  wrong("takes vectors of any length", ["wrong length"], (parts) => ({
    ...onesAt(parts),
    at: (θ) => {
      const A = diagonalOperator(parts.n, θ as Vector);
      return lenient(A, (v) => (v.shape[0] === parts.n ? A.apply(v) : v));
    },
  })),
  wrong("takes vectors of any dtype", ["another dtype"], (parts) => diagonalBy(parts, (θ, v) => mul(cast(θ, v.dtype), v))),
  wrong("is float64 whatever it is told", ["float32 agrees"], (parts) => ({
    init: () => ones([parts.n]),
    at: (θ) => {
      const apply = (v: Vector): Vector => scale(parts.alpha0, mul(θ as Vector, v));
      return linearOperator({ structure: "D", shape: [parts.n, parts.n], tags: ["symmetric"], apply });
    },
  })),
  wrong("computes float32 in less than float32", ["float32 agrees"], (parts) =>
    diagonalBy(parts, (θ, v) => (v.dtype === "float32" ? scale(1.001, mul(θ, v)) : mul(θ, v))),
  ),
  wrong("is larger than it says", ["n × n"], (parts) => ({
    init: () => scale(parts.alpha0, eye(parts.n + 1, { dtype: parts.dtype })),
    at: (θ) => matrixOperator(θ as Matrix),
  })),
  wrong("says it costs less than it does", ["costs"], (parts) => ({
    ...onesAt(parts),
    at: (θ) => scaleOperator(parts.alpha0, diagonalOperator(parts.n, θ as Vector)),
  })),
  wrong("keeps a function among what is fixed", ["n × n"], (parts) => ({
    ...identityAt(parts),
    fixed: { permutations: [(() => 0) as unknown as Int32Array] },
    at: (θ) => matrixOperator(θ as Matrix),
  })),
];

/** A tree for θ, as a control: nothing about it is wrong. */
export const treeOfDiagonals: RegisteredArchitecture = defineArchitecture({
  id: "a sum of two diagonals",
  summary: "θ is a tree",
  reference: "none",
  hyperparameters: { alpha0: rate(1, "α₀") },
  cost: ({ dim: n }) => ({ parameters: 2 * n, multiplyAdds: 2 * n }),
  build: ({ dim: n, dtype, alpha0 }) => ({
    start: "exact",
    alpha0,
    init: (): Params => ({ a: scale(0.25, ones([n], { dtype })), rest: [scale(0.75, ones([n], { dtype }))] }),
    at: (θ) => {
      const { a, rest } = θ as { readonly a: Vector; readonly rest: readonly [Vector] };
      return scaleOperator(alpha0, diagonalOperator(n, add(a, rest[0])));
    },
  }),
});
