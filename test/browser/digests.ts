import type { DType, Tensor, Vector } from "@lodo/tensor";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

type Library = typeof import("./library.ts");

const N = 30;
const STEPS = 300;

/** SHA-256 of the bits of everything that a backend, a precision or a generator comes to: the same wherever the same code runs. */
export async function digests(library: Library): Promise<Readonly<Record<string, string>>> {
  const { tensor, kernels } = library;
  const simd = await kernels.simd({ memory: 2 ** 26 });
  const found: Record<string, string> = { draws: digest(draws(library)) };
  for (const backend of [null, simd]) {
    for (const dtype of ["float64", "float32"] as const) {
      const name = `LODO on the bowl, ${backend?.name ?? "reference"}, ${dtype}`;
      found[name] = digest(tensor.withBackend(backend, () => lodoOnTheBowl(library, dtype)));
    }
  }
  return found;
}

const digest = (arrays: readonly ArrayBufferView[]): string => {
  const hash = sha256.create();
  for (const { buffer, byteOffset, byteLength } of arrays) hash.update(new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)));
  return bytesToHex(hash.digest());
};

/** Of every kind that there is. */
function draws({ tensor }: Library): readonly ArrayBufferView[] {
  const { array, createRng, haarOrthogonal, normal, permutation, uniform } = tensor;
  const rng = createRng(5);
  return [
    array(uniform(rng.split("uniform"), [1000])),
    array(normal(rng.split("normal"), [1000])),
    array(normal(rng.split("float32"), [1000], { dtype: "float32" })),
    permutation(rng.split("permutation"), 1000),
    array(haarOrthogonal(rng.split("haar"), 3, 8)),
  ];
}

/** Every loss, x and the optimizer's state in the end. */
function lodoOnTheBowl({ noisyQuadraticBowl, optim, preconditioner, tensor }: Library, dtype: DType): readonly ArrayBufferView[] {
  const { add, array, cast, createRng, dot, matmul, normal, scale, sub, tensorsIn, zeros } = tensor;
  const rng = createRng(7);
  const H = cast(noisyQuadraticBowl(rng.split("bowl"), { dim: N }).hessian, dtype);
  const steps = rng.split("centre");
  let centre: Vector = zeros([N], { dtype });
  const draw = () => {
    const c = add(centre, normal(steps, [N], { dtype }));
    centre = c;
    return { value: (x: Vector) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) };
  };
  const G = preconditioner.blockPermutation({ dim: N, rng: rng.split("structure"), dtype });
  const { x, state, losses } = optim.minimize(draw, {
    optimizer: optim.lodo(G),
    from: zeros([N], { dtype }),
    steps: STEPS,
    rng: rng.split("optimizer"),
  });
  return [new Float64Array(losses), array(x), ...[...tensorsIn(state)].map((t: Tensor) => array(t))];
}
