import { normal, type Rng, type Shape, scale, type Tensor, type TensorOptions } from "@lodo/tensor";

/**
 * The weights (under the name given) and the bias of `outputs` units, each of which sums over `fanIn` inputs: independently N(0, 1/(fanIn + 1)),
 * the bias counting as one input more (LeCun et al. 1998; Appendix F.2). So the authors' code has it; elsewhere LeCun normal is N(0, 1/fanIn) with
 * biases of 0 (Klambauer et al. 2017).
 */
export function lecunNormal<Name extends string>(
  rng: Rng,
  { name, shape, fanIn, outputs }: { readonly name: Name; readonly shape: Shape; readonly fanIn: number; readonly outputs: number },
  options: TensorOptions = {},
): Readonly<Record<Name | "bias", Tensor>> {
  const deviation = Math.sqrt(1 / (fanIn + 1));
  const draw = (label: string, shape: Shape): Tensor => scale(deviation, normal(rng.split(label), shape, options));
  return { [name]: draw(name, shape), bias: draw("bias", [outputs]) } as Readonly<Record<Name | "bias", Tensor>>;
}
