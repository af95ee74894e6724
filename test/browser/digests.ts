import { simd } from "@lodo/kernels";
import { lodo, minimize } from "@lodo/optim";
import { blockPermutation } from "@lodo/preconditioner";
import {
  add,
  array,
  type Backend,
  createRng,
  type DType,
  dot,
  haarOrthogonal,
  matmul,
  mul,
  normal,
  permutation,
  reshape,
  scale,
  sub,
  tensor,
  tensorsIn,
  transpose,
  uniform,
  type Vector,
  withBackend,
  zeros,
} from "@lodo/tensor";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const N = 30;
const STEPS = 300;

type Digests = Readonly<Record<string, string>>;

/** SHA-256 of the bits of everything that generators, backends and precisions come to: the same wherever the same code runs. */
export async function digests(): Promise<Digests> {
  const backends = [null, await simd({ memory: 2 ** 26 })];
  return Object.assign({ "draws of every kind": digest(draws()) }, ...backends.map(digestsOfRuns)) as Digests;
}

/** Of LODO on the bowl, in both precisions. */
export const digestsOfRuns = (backend: Backend | null): Digests =>
  Object.fromEntries(
    (["float64", "float32"] as const).map((dtype) => [
      `${STEPS} steps of LODO on the bowl, ${backend?.name ?? "reference"}, ${dtype}`,
      digest(withBackend(backend, () => lodoOnTheBowl(dtype))),
    ]),
  );

function digest(arrays: readonly ArrayBufferView[]): string {
  const hash = sha256.create();
  for (const { buffer, byteOffset, byteLength } of arrays) hash.update(new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)));
  return bytesToHex(hash.digest());
}

function draws(): readonly ArrayBufferView[] {
  const rng = createRng(5);
  return [
    array(uniform(rng.split("uniform"), [1000])),
    array(normal(rng.split("normal"), [1000])),
    array(normal(rng.split("float32"), [1000], { dtype: "float32" })),
    permutation(rng.split("permutation"), 1000),
    array(haarOrthogonal(rng.split("haar"), 3, 8)),
  ];
}

/** Every loss, and x and the optimizer's state in the end. */
function lodoOnTheBowl(dtype: DType): readonly ArrayBufferView[] {
  const rng = createRng(7);
  const options = { dtype } as const;
  const U = reshape(haarOrthogonal(rng.split("bowl"), 1, N, options), [N, N]);
  const λ = tensor(
    Array.from({ length: N }, (_, i) => (i + 1) / N),
    [N, 1],
    options,
  );
  // H = U diag(λ) Uᵀ
  const H = matmul(U, mul(λ, transpose(U)));
  const steps = rng.split("centre");
  let centre: Vector = zeros([N], options);
  const draw = () => {
    const c = add(centre, normal(steps, [N], options));
    centre = c;
    return { value: (x: Vector) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) };
  };
  const G = blockPermutation({ dim: N, rng: rng.split("structure"), dtype });
  const run = { from: zeros([N], options), steps: STEPS, rng: rng.split("optimizer") };
  const { x, state, losses } = minimize(draw, { optimizer: lodo(G), ...run });
  return [new Float64Array(losses), array(x), ...tensorsIn(state).map((t) => array(t))];
}
