import type { NoisyQuadraticBowl } from "@lodo/experiments";
import type { Objective, Task } from "@lodo/optim";
import { add, cast, dot, type Matrix, matmul, normal, scale, sub, type Vector, zeros } from "@lodo/tensor";

/** The bowl in float32, which the task does not offer: the same H, rounded, and a centre that makes the same steps. */
export function bowlInFloat32({ dim, hessian }: NoisyQuadraticBowl): Task<{ readonly centre: Vector }, Objective> {
  const dtype = "float32";
  const H = cast(hessian, dtype) as Matrix;
  return {
    name: "noisy-quadratic-bowl in float32",
    dim,
    init: () => ({ x: zeros([dim], { dtype }), state: { centre: zeros([dim], { dtype }) } }),
    draw({ centre }, rng) {
      const c = add(centre, normal(rng, [dim], { dtype }));
      return [{ value: (x) => scale(0.5, dot(sub(x, c), matmul(H, sub(x, c)))) }, { centre: c }];
    },
  };
}
