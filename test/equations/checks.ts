import { advance, begin, noisyQuadraticBowl, rosenbrockFunction, streams } from "@lodo/experiments";
import {
  adam,
  bfgs,
  type GradientTransform,
  lars,
  lbfgs,
  levenbergMarquardt,
  lodo,
  momentum,
  newton,
  type Objective,
  olbfgs,
  rmsprop,
  sgd,
  withHessian,
  yogi,
} from "@lodo/optim";
import {
  blockPermutation,
  chain,
  dense,
  densePreconditioner,
  diagonal,
  embed,
  hiddenWidth,
  type Layers,
  permutationOperator,
  residuals,
  scalarPreconditioner,
} from "@lodo/preconditioner";
import {
  add,
  array,
  createArena,
  dot,
  eye,
  grad,
  item,
  type Matrix,
  map,
  matmul,
  mul,
  norm,
  normal,
  outer,
  type Rng,
  reshape,
  scale,
  slice,
  sub,
  sum,
  type Tensor,
  transpose,
  type Vector,
  vector,
  vjp,
  zeros,
} from "@lodo/tensor";
import { expect } from "vitest";

/** What one evaluation of a formula may lose to rounding here: a few hundred operations on numbers of order one, each within 2⁻⁵². */
const TOLERANCE = 1e-12;

function expectClose(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const size = 1 + item(norm(expected));
  expect(item(norm(sub(actual, expected))) / size).toBeLessThan(TOLERANCE);
}

/** A random quadratic ½ (x − c)ᵀ H (x − c) with H positive definite. */
function randomQuadratic(rng: Rng, n: number): { readonly H: Matrix; readonly c: Vector; readonly objective: Objective } {
  const A = normal(rng, [n, n]);
  const H = add(matmul(transpose(A), A), eye(n));
  const c = normal(rng, [n]);
  return { H, c, objective: { value: (x) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) } };
}

/** θ some way from θ₀. */
const away = <P extends Tensor>(rng: Rng, θ: P): P => map((t) => add(t, scale(0.3, normal(rng, t.shape) as Tensor)), θ);

/** Three steps of a transform from the state before the first, against a recurrence on plain numbers. */
function expectRecurrence(transform: GradientTransform<Vector, unknown>, recurrence: () => (g: number) => number, rng: Rng): void {
  const n = 4;
  const plain = Array.from({ length: n }, recurrence);
  let state = transform.init(zeros([n]));
  for (let t = 0; t < 3; t++) {
    const g = normal(rng, [n]);
    const [Δ, next] = transform.update(g, state, zeros([n]));
    state = next;
    expectClose(Δ, vector(Array.from(array(g), (gᵢ, i) => (plain[i] as (g: number) => number)(gᵢ))));
  }
}

/** The executable check behind each row of docs/equations.md, by its name there; each takes a generator and throws where it fails. */
export const checks: Readonly<Record<string, (rng: Rng) => void>> = {
  "quasi-newton-step": (rng) => {
    const n = 5;
    const { objective } = randomQuadratic(rng, n);
    const G = blockPermutation({ dim: n, rng, depth: 3, blockSize: 2, alpha0: 0.1 });
    const optimizer = lodo(G);
    const x = normal(rng, [n]);
    const state = { ...optimizer.init(x, rng), m: normal(rng, [n]) };
    // x_{t+1} = x_t − G(θ_t) m_t
    expectClose(optimizer.update(objective, x, state).x, sub(x, matmul(dense(G.at(state.theta)), state.m)));
  },

  "loss-after-the-step": (rng) => {
    const { objective } = randomQuadratic(rng, 3);
    const optimizer = lodo(densePreconditioner({ dim: 3, alpha0: 0.1 }));
    const x = normal(rng, [3]);
    const state = { ...optimizer.init(x, rng), m: normal(rng, [3]) };
    const { x: xNext, evaluations } = optimizer.update(objective, x, state);
    expectClose(evaluations[0] as Tensor, objective.value(xNext));
  },

  "null-first-step": (rng) => {
    const { objective } = randomQuadratic(rng, 3);
    const optimizer = lodo(densePreconditioner({ dim: 3 }));
    const x = normal(rng, [3]);
    const { x: x1, evaluations } = optimizer.update(objective, x, optimizer.init(x, rng));
    expect(array(x1)).toEqual(array(x));
    expect(item(evaluations[0] as Tensor)).toBe(item(objective.value(x)));
  },

  hypergradient: (rng) => {
    const n = 5;
    const { objective } = randomQuadratic(rng, n);
    const G = blockPermutation({ dim: n, rng, depth: 2, blockSize: 2, alpha0: 0.1 });
    const [x, m, θ] = [normal(rng, [n]), normal(rng, [n]), away(rng, G.init(rng))];
    // (∂x_{t+1}/∂θ_t)ᵀ ∇ℓ(x_{t+1})  =  ∇_θ ℓ(x_t − G(θ) m_t)
    const [xNext, pullback] = vjp((θ: Layers) => sub(x, G.at(θ).apply(m)), θ);
    const g = grad((x: Vector) => objective.value(x))(xNext);
    expectClose(pullback(g), grad((θ: Layers) => objective.value(sub(x, G.at(θ).apply(m))))(θ));
  },

  "dense-hypergradient": (rng) => {
    const [x, m, g] = [normal(rng, [4]), normal(rng, [4]), normal(rng, [4])];
    const G = densePreconditioner({ dim: 4 });
    const [, pullback] = vjp((θ: Matrix) => sub(x, G.at(θ).apply(m)), G.init(rng));
    expectClose(pullback(g), scale(-1, outer(g, m)));
  },

  "gradient-average": (rng) => {
    const { H, c, objective } = randomQuadratic(rng, 3);
    const β = 0.7;
    const optimizer = lodo(densePreconditioner({ dim: 3, alpha0: 0.05 }), { beta: β });
    const x = normal(rng, [3]);
    const state = { ...optimizer.init(x, rng), m: normal(rng, [3]) };
    const next = optimizer.update(objective, x, state);
    // m_{t+1} = β m_t + (1 − β) g_{t+1}
    expectClose(next.state.m, add(scale(β, state.m), scale(1 - β, matmul(H, sub(next.x, c)))));
  },

  "meta-step": (rng) => {
    const { H, c, objective } = randomQuadratic(rng, 3);
    const α = 0.01;
    const optimizer = lodo(densePreconditioner({ dim: 3, alpha0: 0.05 }), { meta: sgd({ learningRate: α }) });
    const x = normal(rng, [3]);
    const state = { ...optimizer.init(x, rng), m: normal(rng, [3]) };
    const next = optimizer.update(objective, x, state);
    // θ_{t+1} = θ_t − α ∂ℓ_{t+1}/∂θ_t = θ_t + α g_{t+1} m_tᵀ
    expectClose(next.state.theta, add(state.theta, scale(α, outer(matmul(H, sub(next.x, c)), state.m))));
  },

  preconditioner: (rng) => {
    const [n, N, k, α0] = [3, 3, 2, 0.4];
    const ñ = hiddenWidth(n, k);
    const G = blockPermutation({ dim: n, rng, depth: N, blockSize: k, alpha0: α0 });
    const θ = away(rng, G.init(rng));
    // G̃ = B(θ_N) P_N ⋯ B(θ₁) P₁, multiplied out
    let G̃: Matrix = eye(ñ);
    for (const [i, P] of (G.fixed["permutations"] as readonly Int32Array[]).entries()) {
      let B: Matrix = zeros([ñ, ñ]);
      for (let b = 0; b < ñ / k; b++) {
        const block = reshape(slice(θ, { start: [i, b, 0, 0], stop: [i + 1, b + 1, k, k] }), [k, k]);
        const place = matmul(dense(embed(k, ñ)), matmul(block, transpose(dense(embed(k, ñ)))));
        const shift = dense(permutationOperator(Int32Array.from({ length: ñ }, (_, j) => (j - b * k + ñ) % ñ)));
        B = add(B, matmul(shift, matmul(place, transpose(shift))));
      }
      G̃ = matmul(B, matmul(dense(permutationOperator(P)), G̃));
    }
    expectClose(dense(chain(G.fixed["permutations"] as readonly Int32Array[], θ)), G̃);
    // G = α₀ [I 0] G̃ᵀ G̃ [I 0]ᵀ
    const E = dense(embed(n, ñ));
    expectClose(dense(G.at(θ)), scale(α0, matmul(transpose(E), matmul(transpose(G̃), matmul(G̃, E)))));
  },

  "orthogonal-start": (rng) => {
    const G = blockPermutation({ dim: 6, rng, alpha0: 0.3 });
    expectClose(dense(G.at(G.init(rng))), scale(0.3, eye(6)));
  },

  "hidden-width": () => {
    expect(hiddenWidth(100, 4)).toBe(204);
    for (let n = 1; n < 40; n++) {
      for (let k = 1; k < 10; k++) {
        const ñ = hiddenWidth(n, k);
        expect(ñ % k).toBe(0);
        expect(ñ).toBeGreaterThan(2 * n);
        expect(ñ - k).toBeLessThanOrEqual(2 * n);
      }
    }
  },

  "quadratic-loss": (rng) => {
    const task = noisyQuadraticBowl(rng, { dim: 6 });
    const [objective, { centre: c }] = task.draw(task.init(rng).state, rng);
    const x = normal(rng, [6]);
    // ℓ = ½ (x − x*)ᵀ H (x − x*)
    expectClose(objective.value(x), scale(0.5, sum(mul(reshape(sub(x, c), [6, 1]), mul(task.hessian, reshape(sub(x, c), [1, 6]))))));
  },

  "wandering-centre": (rng) => {
    const σ = 2;
    const task = noisyQuadraticBowl(rng, { dim: 400, noise: σ });
    const { state } = task.init(rng);
    const [, first] = task.draw(state, rng);
    const [, second] = task.draw(first, rng);
    // x*_{t+1} = x*_t + s_t with s_t ~ N(0, σ² I): |s|²/(σ² n) has mean 1 and standard deviation √(2/n); six of them
    for (const s of [sub(first.centre, state.centre), sub(second.centre, first.centre)]) {
      expect(Math.abs(item(dot(s, s)) / (σ * σ * 400) - 1)).toBeLessThan(6 * Math.sqrt(2 / 400));
    }
  },

  "preconditioner-error": (rng) => checkErrorDynamics(rng).error(),
  displacement: (rng) => checkErrorDynamics(rng).displacement(),

  "newton-optimum": (rng) => {
    const task = noisyQuadraticBowl(rng);
    const trace = Array.from({ length: 100 }, (_, i) => item(slice(task.hessian, { start: [i, i], stop: [i + 1, i + 1] }))).reduce(
      (a, b) => a + b,
    );
    expect((trace / 2).toFixed(2)).toBe("7.41");
    const s = streams(rng.integer(1000));
    const arena = createArena();
    let snapshot = begin(task, newton(), s);
    let total = 0;
    const steps = 2000;
    for (let t = 0; t < steps; t++) {
      const next = advance(task, newton(), snapshot, arena);
      snapshot = next.snapshot;
      total += next.losses[0] as number;
    }
    // Each loss is ½ Σ λᵢ sᵢ², of variance ½ Σ λᵢ²; six standard errors of the mean.
    const variance = 0.5 * item(sum(mul(task.hessian, task.hessian)));
    expect(Math.abs(total / steps - trace / 2)).toBeLessThan(6 * Math.sqrt(variance / steps));
  },

  rosenbrock: (rng) => {
    const [x, y] = [rng.normal(), rng.normal()];
    expectClose(rosenbrockFunction(vector([x, y])), reshape(vector([0.01 * (x - 1) ** 2 + (x * x - y) ** 2]), []));
  },

  "lodo-diagonal": (rng) => {
    const G = diagonal({ dim: 3, alpha0: 0.5 });
    expectClose(dense(G.at(G.init(rng))), scale(0.5, eye(3)));
    expectClose(G.at(vector([1, 2, 3])).apply(vector([1, 1, -1])), vector([0.5, 1, -1.5]));
  },

  "lodo-global": (rng) => {
    const G = scalarPreconditioner({ dim: 3, alpha0: 0.5 });
    expectClose(dense(G.at(G.init(rng))), scale(0.5, eye(3)));
    expectClose(G.at(reshape(vector([4]), [])).apply(vector([1, 2, -1])), vector([2, 4, -2]));
  },

  "lodo-residuals": (rng) => {
    const [n, N, α0] = [3, 2, 0.5];
    const G = residuals({ dim: n, rng, depth: N, alpha0: α0 });
    const θ = map((t: Tensor) => away(rng, t), G.init(rng));
    const diag = (d: Vector): Matrix => mul(eye(2 * n), reshape(d, [2 * n, 1])) as Tensor as Matrix;
    let G̃: Matrix = eye(2 * n);
    for (const [i, P] of (G.fixed["permutations"] as readonly Int32Array[]).entries()) {
      const W = diag(reshape(slice(θ.W, { start: [i, 0], stop: [i + 1, 2 * n] }), [2 * n]));
      G̃ = matmul(add(eye(2 * n), matmul(W, dense(permutationOperator(P)))), G̃);
    }
    const E = dense(embed(n, 2 * n));
    expectClose(dense(G.at(θ)), scale(α0, matmul(transpose(E), matmul(transpose(G̃), matmul(diag(θ.D), matmul(G̃, E))))));
  },

  momentum: (rng) => {
    const [η, μ] = [0.3, 0.8];
    const recurrence = (): ((g: number) => number) => {
      let v = 0;
      return (g) => (v = μ * v - η * g);
    };
    expectRecurrence(momentum({ learningRate: η, momentum: μ }), recurrence, rng);
  },

  rmsprop: (rng) => {
    const [η, ρ, μ, ε] = [0.3, 0.6, 0.8, 1e-7];
    const recurrence = (): ((g: number) => number) => {
      let [s, v] = [0, 0];
      return (g) => {
        s = ρ * s + (1 - ρ) * g * g;
        v = μ * v + (η * g) / Math.sqrt(s + ε);
        return -v;
      };
    };
    expectRecurrence(rmsprop({ learningRate: η, rho: ρ, momentum: μ }), recurrence, rng);
  },

  adam: (rng) => {
    const [η, β1, β2, ε] = [0.3, 0.8, 0.95, 1e-7];
    const recurrence = (): ((g: number) => number) => {
      let [m, v, t] = [0, 0, 0];
      return (g) => {
        t++;
        m = β1 * m + (1 - β1) * g;
        v = β2 * v + (1 - β2) * g * g;
        return ((-η * Math.sqrt(1 - β2 ** t)) / (1 - β1 ** t)) * (m / (Math.sqrt(v) + ε));
      };
    };
    expectRecurrence(adam({ learningRate: η, b1: β1, b2: β2 }), recurrence, rng);
  },

  yogi: (rng) => {
    const [η, β1, β2, ε] = [0.3, 0.8, 0.95, 1e-3];
    const recurrence = (): ((g: number) => number) => {
      let [m, v] = [0, 0];
      return (g) => {
        m = β1 * m + (1 - β1) * g;
        v = v - (1 - β2) * Math.sign(v - g * g) * g * g;
        return (-η * m) / (Math.sqrt(v) + ε);
      };
    };
    expectRecurrence(yogi({ learningRate: η, b1: β1, b2: β2 }), recurrence, rng);
  },

  lars: (rng) => {
    const [η, μ, λ, T] = [0.3, 0.8, 0.2, 6];
    const slices = [
      { path: "first.weights", start: 0, shape: [2] },
      { path: "first.biases", start: 2, shape: [1] },
      { path: "second.weights", start: 3, shape: [3] },
    ];
    const transform = lars({ layout: { size: 6, slices }, steps: T, learningRate: η, momentum: μ, weightDecay: λ });
    const layer = (v: Vector, start: number): Vector => slice(v, { start: [start], stop: [start + 3] });
    let state = transform.init(zeros([6]));
    const v = [zeros([3]), zeros([3])];
    for (let t = 0; t < T; t++) {
      const [x, g] = [normal(rng, [6]), normal(rng, [6])];
      const [Δ, next] = transform.update(g, state, x);
      state = next;
      for (const [l, start] of [0, 3].entries()) {
        const [xₗ, gₗ] = [layer(x, start), layer(g, start)];
        const r = item(norm(xₗ)) / (item(norm(gₗ)) + λ * item(norm(xₗ)));
        v[l] = add(scale(μ, v[l] as Vector), scale(η * (1 - t / T) ** 2 * r, add(gₗ, scale(λ, xₗ))));
        expectClose(layer(Δ, start), scale(-1, v[l] as Vector));
      }
    }
  },

  "levenberg-marquardt": (rng) => {
    const λ = 0.3;
    const { H, c, objective } = randomQuadratic(rng, 4);
    const x = normal(rng, [4]);
    const δ = sub(levenbergMarquardt({ damping: λ }).update(withHessian(objective), x, null).x, x);
    const H2 = matmul(H, H);
    // (H² + λ diag(H²)) δ = −H g, g = H (x − c)
    expectClose(matmul(add(H2, scale(λ, mul(eye(4), H2))), δ), scale(-1, matmul(H2, sub(x, c))));
  },

  // Across draws: y is the difference of the gradients of two losses.
  bfgs: (rng) => {
    const η = 0.2;
    const optimizer = bfgs({ learningRate: η });
    let x: Vector = normal(rng, [3]);
    let state = optimizer.init(x, rng);
    let H: Matrix = eye(3);
    let last: { readonly x: Vector; readonly g: Vector } | null = null;
    for (let t = 0; t < 3; t++) {
      const { objective } = randomQuadratic(rng, 3);
      const g = grad((x: Vector) => objective.value(x))(x);
      if (last) H = afterPair(H, { s: sub(x, last.x), y: sub(g, last.g) });
      last = { x, g };
      const expected = sub(x, scale(η, matmul(H, g)));
      ({ x, state } = optimizer.update(objective, x, state));
      expectClose(x, expected);
    }
  },

  "l-bfgs": (rng) => {
    checkOnlineLbfgs(lbfgs, (pairs) => {
      const [oldest, newest] = [pairs[0] as DrawnPair, pairs.at(-1) as DrawnPair];
      return item(dot(oldest.s, newest.y)) / item(dot(newest.y, newest.y));
    })(rng);
  },

  "o-lbfgs": (rng) => {
    checkOnlineLbfgs(olbfgs, (pairs) => pairs.reduce((sum, { s, y }) => sum + item(dot(s, y)) / item(dot(y, y)), 0) / pairs.length)(rng);
  },
};

/** A step, and the difference of the gradients after and before it. */
interface DrawnPair {
  readonly s: Vector;
  readonly y: Vector;
}

/** H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ, ρ = 1/sᵀy */
function afterPair(H: Matrix, { s, y }: DrawnPair): Matrix {
  const ρ = 1 / item(dot(s, y));
  const V = sub(eye(s.shape[0]), scale(ρ, outer(y, s)));
  return add(matmul(transpose(V), matmul(H, V)), scale(ρ, outer(s, s)));
}

/** Steps of a limited-memory method on one draw each, against H as it is printed; H₀ = γ I, of the last two pairs. */
const checkOnlineLbfgs =
  (method: typeof lbfgs, γ: (pairs: readonly DrawnPair[]) => number) =>
  (rng: Rng): void => {
    const [η0, τ, ε] = [0.2, 5, 0.05];
    const optimizer = method({ learningRate: η0, tau: τ, epsilon: ε, history: 2 });
    let x: Vector = normal(rng, [3]);
    let state = optimizer.init(x, rng);
    let pairs: readonly DrawnPair[] = [];
    for (let t = 0; t < 5; t++) {
      const { objective } = randomQuadratic(rng, 3);
      const gradient = grad((x: Vector) => objective.value(x));
      const [before, g] = [x, gradient(x)];
      const H = pairs.reduce(afterPair, scale(pairs.length > 0 ? γ(pairs) : ε, eye(3)));
      ({ x, state } = optimizer.update(objective, x, state));
      // x_{t+1} = x_t − η₀ τ/(τ + t) H g
      expectClose(x, sub(before, scale((η0 * τ) / (τ + t), matmul(H, g))));
      pairs = [...pairs, { s: sub(x, before), y: sub(gradient(x), g) }].slice(-2);
    }
  };

/**
 * The setting of Section 4.1: dense G learned by SGD with rate α, no momentum, a quadratic loss whose minimum x* wanders by s_t. One step of LODO
 * from a random state, against the exact dynamics of A = I − G H and b = x − x*.
 */
function checkErrorDynamics(rng: Rng): { error(): void; displacement(): void } {
  const n = 4;
  const α = 0.01;
  const { H } = randomQuadratic(rng, n);
  const loss = (c: Vector): Objective => ({ value: (x) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) });
  const optimizer = lodo(densePreconditioner({ dim: n, alpha0: 0.01 }), { meta: sgd({ learningRate: α }), beta: 0 });
  const [x, c, s] = [normal(rng, [n]), normal(rng, [n]), normal(rng, [n])];
  const G = normal(rng, [n, n]);
  // With β = 0 the average is the last gradient: m_t = g_t = H b_t
  const b = sub(x, c);
  const next = optimizer.update(loss(add(c, s)), x, { ...optimizer.init(x, rng), theta: G, m: matmul(H, b) });
  const A = sub(eye(n), matmul(G, H));
  const bNext = sub(next.x, add(c, s));
  return {
    // (5)  A_{t+1} = A_t − α H b_{t+1} b_tᵀ H²
    error: () => {
      const expected = sub(A, scale(α, matmul(matmul(H, outer(bNext, b)), matmul(H, H))));
      expectClose(sub(eye(n), matmul(next.state.theta, H)), expected);
    },
    // (6)  b_{t+1} = A_t b_t − s_t
    displacement: () => expectClose(bNext, sub(matmul(A, b), s)),
  };
}
