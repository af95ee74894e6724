import { meanCrossEntropy } from "@lodo/experiments";
import { adam, lodo } from "@lodo/optim";
import { blockPermutation, type Layers } from "@lodo/preconditioner";
import { createRng, type Images, ofVector, type Tensor, tensor, type Vector, valueAndGrad } from "@lodo/tensor";
import type { Contender } from "../../workload.ts";
import { K, N } from "../lodo/setting.ts";
import { type BackendName, ours } from "../ours.ts";
import type { Problem } from "./problem.ts";

/** A step of training, the loss in pieces: a whole one of Algorithm 1, or the loss and its gradient alone. What is compared is the loss. */
export async function lodoStep(
  backend: BackendName,
  { network, unravel, labels, ...of }: Problem,
  { piece, alone = false }: { readonly piece: number; readonly alone?: boolean },
): Promise<Contender> {
  const us = await ours(backend);
  const rng = createRng(3);
  const G = blockPermutation({ dim: of.x.length, dtype: "float32", depth: N, blockSize: K, rng: rng.split("structure") });
  const optimizer = lodo(G, { meta: adam<Layers>() });
  const [x, images] = us.keep((): readonly [Vector, Images] => [
    tensor(of.x, [of.x.length], { dtype: "float32" }),
    tensor(of.images, of.shape, { dtype: "float32" }),
  ]);
  const state = us.keep(() => optimizer.init(x, rng));
  const loss = ofVector(meanCrossEntropy(network, { images, labels }, { piece }), unravel);
  const step = (): readonly Tensor[] => (alone ? [valueAndGrad(loss)(x)[0]] : optimizer.update({ value: loss }, x, state).evaluations);
  return {
    name: `${us.name}, ${alone ? "loss and gradient" : "step"}`,
    run: () => us.step(step),
    result: () => us.numbers(() => [...step()]),
    close: us.close,
  };
}
