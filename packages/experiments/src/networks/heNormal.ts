import { normal, type Rng, type Shape, scale, type Tensor, type TensorOptions } from "@lodo/tensor";

/** Independently N(0, 2/fanIn): what keeps the size of numbers from one layer to the next, where half of them are cut off (He et al. 2015). */
export const heNormal = (
  rng: Rng,
  { shape, fanIn }: { readonly shape: Shape; readonly fanIn: number },
  options: TensorOptions = {},
): Tensor => scale(Math.sqrt(2 / fanIn), normal(rng, shape, options));
