import { add, type Params, type Tensor } from "@lodo/tensor";
import type { Layer } from "./layer.ts";

/** What each named layer learns. */
export type Weights = { readonly [name: string]: Params };

/** One layer after the other, in the order of their names' insertion; each draws its start from a generator of its own. */
export function sequence(layers: Readonly<Record<string, Layer>>): Layer<Weights> {
  const named = Object.entries(layers);
  return {
    init: (rng, options) => Object.fromEntries(named.map(([name, layer]) => [name, layer.init(rng.split(name), options)])),
    apply: (weights, x) => named.reduce((y, [name, layer]) => layer.apply(weights[name] as Params, y), x),
  };
}

/** x + f(x). */
export const residual = <P extends Params>(f: Layer<P>): Layer<P> => ({ init: f.init, apply: (weights, x) => add(x, f.apply(weights, x)) });

/** s(x) + f(x): where f changes the shape, a shortcut that does too. */
export const projected = (layers: { readonly body: Layer; readonly shortcut: Layer }): Layer<Weights> => ({
  init: sequence(layers).init,
  apply: ({ body, shortcut }, x) => add(layers.shortcut.apply(shortcut as Params, x), layers.body.apply(body as Params, x)),
});

/** A function that learns nothing. */
export const fixed = (f: (x: Tensor) => Tensor): Layer<Weights> => ({ init: () => ({}), apply: (_, x) => f(x) });
