import { meanCrossEntropy } from "@lodo/experiments";
import { array, type Images, ofVector, type Params, type Scalar, type Tensor, tensor, type Vector, valueAndGrad } from "@lodo/tensor";
import type { Contender } from "../../workload.ts";
import { type BackendName, ours } from "../ours.ts";
import type { Problem } from "./problem.ts";

/** The loss and its gradient by automatic differentiation, as the optimizers see it: a function of one flat vector. */
export async function byAutodiff(backend: BackendName, problem: Problem, { piece }: { readonly piece?: number } = {}): Promise<Contender> {
  const us = await ours(backend);
  const { network, unravel, labels, shape } = problem;
  const upload = (): readonly [Vector, Images] => [
    tensor(problem.x, [problem.x.length], { dtype: "float32" }),
    tensor(problem.images, shape, { dtype: "float32" }),
  ];
  const gradient = (x: Vector, images: Images): readonly [Scalar, Vector] => {
    const loss = meanCrossEntropy(network, { images, labels }, piece === undefined ? {} : { piece });
    return valueAndGrad(ofVector(loss, unravel))(x);
  };
  const [x, images] = us.keep(upload);
  return {
    name: `${us.name}, autodiff${piece === undefined ? "" : `, ${piece} at a time`}`,
    run: () => us.step(() => gradient(x, images)),
    withCopies: () => us.step(() => gradient(...upload()).map((t: Tensor) => array(t))),
    result: () => us.numbers(() => gradient(x, images) as Params),
    close: us.close,
  };
}
