import type { Objective } from "@lodo/optim";
import { dot, type Matrix, matmul, scale, sub, type Vector } from "@lodo/tensor";

/** (3)  ℓ(x) = ½ (x − x*)ᵀ H (x − x*) */
export const bowl = (H: Matrix, centre: Vector): Objective => ({
  value: (x) => scale(0.5, dot(sub(x, centre), matmul(H, sub(x, centre)))),
});
