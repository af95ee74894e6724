import { vjp } from "./autodiff.ts";
import type { Strided } from "./dtype.ts";
import { checked, definePrimitive, type Forward, type Op } from "./primitive.ts";
import { sameShape } from "./shape.ts";
import { innermostTape } from "./tape.ts";
import { Tensor } from "./tensor.ts";

/**
 * A second, faster way to compute what `definition` already says in ops. `forward` and `backward` are kernels and serve the value and the
 * first derivative; as soon as a derivative is itself being differentiated, the definition takes over. That the two agree is a law of the
 * conformance kit.
 */
export interface Fused<Attrs> {
  readonly name: string;
  definition(attrs: Attrs, ...ins: Tensor[]): Tensor;
  /** The value, and what `backward` needs beside the inputs. */
  forward(attrs: Attrs, ...ins: Strided[]): Forward<Strided>;
  /** One cotangent for each input, from that of the output. */
  backward(attrs: Attrs, ct: Strided, ins: readonly Strided[], saved: Strided | undefined): readonly Strided[];
}

const definitions = new Map<string, (attrs: never, ...ins: Tensor[]) => Tensor>();

/** The definition in ops of every fused primitive, by name. */
export const fusedDefinitions: ReadonlyMap<string, (attrs: never, ...ins: Tensor[]) => Tensor> = definitions;

export function fused<Attrs>({ name, definition, forward, backward }: Fused<Attrs>): Op<Attrs> {
  definitions.set(name, definition);
  return definePrimitive<Attrs, Tensor>({
    name,
    // Kept as a tensor, so that it dies with its arena instead of reading what came after it.
    forward: (attrs, ...ins) => {
      const { out, saved } = forward(attrs, ...ins);
      return saved ? { out, saved: new Tensor(saved) } : { out };
    },
    vjp: (ct, { attrs, ins, saved }) => {
      let cts: readonly Tensor[] | undefined;
      const all = (): readonly Tensor[] => {
        const differentiated = ct.trace !== null || ins.some((t) => t.trace !== null);
        return differentiated
          ? vjp((xs: readonly Tensor[]) => definition(attrs, ...xs), ins)[1](ct)
          : backward(
              attrs,
              ct.storage,
              ins.map((t) => t.storage),
              saved?.storage,
            ).map((s) => checked(name, [ct, ...ins], s));
      };
      return ins.map((_, i) => () => {
        cts ??= all();
        return cts[i] as Tensor;
      });
    },
  });
}

/** As `Fused`, with several results. */
export interface FusedValues<Attrs, Results extends readonly Tensor[]> {
  readonly name: string;
  definition(attrs: Attrs, ...ins: Tensor[]): Results;
  /** The values of all results. */
  forward(attrs: Attrs, ...ins: Strided[]): readonly Strided[];
}

/**
 * A faster way to compute several results at once, for inputs of one shape and dtype where nothing is differentiated; elsewhere the definition in
 * ops serves. On the reference backend both give the same bits.
 */
export function fusedValues<Attrs, Results extends readonly Tensor[]>({
  name,
  definition,
  forward,
}: FusedValues<Attrs, Results>): (attrs: Attrs, ...ins: Tensor[]) => Results {
  return (attrs, ...ins) => {
    const [first] = ins as [Tensor];
    const alike = ins.every((t) => t.dtype === first.dtype && sameShape(t.shape, first.shape));
    if (!alike || innermostTape(name, ins)) return definition(attrs, ...ins);
    return forward(attrs, ...ins.map((t) => t.storage)).map((s) => checked(name, ins, s)) as readonly Tensor[] as Results;
  };
}
