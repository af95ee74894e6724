import { array, createArena, createRng, dot, matmul, normal, scale, sub, tensorsIn, type Vector, valueAndGrad } from "@lodo/tensor";
import type { Workload } from "../contest.ts";

/** ℓ = ½ (x − c)ᵀ H (x − c) and its gradient at n = 100: by autodiff, and by hand over plain arrays, which need one product with H instead of two. */
export function gradientWorkload(): Workload {
  const n = 100;
  const rng = createRng(1);
  const [H, c, x] = [normal(rng, [n, n]), normal(rng, [n]), normal(rng, [n])];
  const loss = (x: Vector) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c))));
  const symmetric = (x: Vector) => valueAndGrad(loss)(x);
  const arena = createArena();
  const [h, centre, at] = [array(H), array(c), array(x)];
  const byHand = (): Float64Array => {
    const g = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const average = ((h[i * n + j] as number) + (h[j * n + i] as number)) / 2;
        g[i] = (g[i] as number) + average * ((at[j] as number) - (centre[j] as number));
      }
    }
    return g;
  };
  return {
    name: "gradient n = 100",
    work: 1,
    unit: "gradients/s",
    contenders: [
      { name: "lodo", run: () => arena.run(() => void symmetric(x), tensorsIn) },
      { name: "by hand", run: () => void byHand() },
    ],
    check() {
      const ours = array(symmetric(x)[1]);
      const theirs = byHand();
      const worst = Math.max(...theirs.map((g, i) => Math.abs(g - (ours[i] as number))));
      if (worst > 1e-10) throw new Error(`gradient: contenders differ by ${worst}`);
    },
  };
}
