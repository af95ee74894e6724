import { array, createRng, dot, type Matrix, matmul, normal, scale, sub, type Vector, valueAndGrad } from "@lodo/tensor";
import { type BackendName, ours } from "../contenders/ours.ts";
import { assemble, type Contender, type Entry } from "../workload.ts";

/** ∇ ½ (x − c)ᵀ H (x − c): by autodiff, and by hand over plain arrays, which need one product with H instead of two. */
export const gradientEntry: Entry = {
  family: "gradient of the bowl",
  name: "gradient of the bowl, n = 100",
  async open(size) {
    const n = size === "quick" ? 5 : 100;
    const rng = createRng(1);
    const [H, c, x] = [[n, n], [n], [n]].map((shape) => array(normal(rng, shape))) as [Float64Array, Float64Array, Float64Array];
    const byAutodiff = async (backend: BackendName): Promise<Contender> => {
      const us = await ours(backend);
      const place = (data: Float64Array, shape: readonly number[]) => us.place(data, shape, "float64");
      const [A, centre, at] = [place(H, [n, n]) as Matrix, place(c, [n]) as Vector, place(x, [n]) as Vector];
      const gradient = valueAndGrad((x: Vector) => scale(0.5, dot(sub(x, centre), matmul(A, sub(x, centre)))));
      return { name: us.name, run: () => us.step(() => gradient(at)), result: () => us.numbers(() => gradient(at)[1]), close: us.close };
    };
    return {
      name: "gradient of the bowl, n = 100",
      work: 1,
      unit: "gradients/s",
      // Sums of 2n products, in float64, on both sides.
      tolerance: 2 * (2 * n + 8) * 2 ** -53 * n,
      contenders: await assemble([
        ["simd", () => byAutodiff("simd")],
        ["reference", () => byAutodiff("reference")],
        ["by hand", () => ({ name: "by hand", run: () => byHand(n, H, c, x), result: () => byHand(n, H, c, x) })],
      ]),
    };
  },
};

function byHand(n: number, H: Float64Array, c: Float64Array, x: Float64Array): Float64Array {
  const g = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const average = ((H[i * n + j] as number) + (H[j * n + i] as number)) / 2;
      g[i] = (g[i] as number) + average * ((x[j] as number) - (c[j] as number));
    }
  }
  return g;
}
