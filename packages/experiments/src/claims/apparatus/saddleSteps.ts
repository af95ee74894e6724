import {
  chain,
  compose,
  embed,
  hiddenWidth,
  type Layers,
  type LinearOperator,
  matrixOperator,
  type Preconditioner,
  scaleOperator,
} from "@lodo/preconditioner";
import { type Matrix as Dense, inverse } from "ml-matrix";
import { toTensor } from "./symmetricMatrix.ts";

/** The operator that LODO steps with at a saddle of Hessian H. */
export type SaddleStep = (G: Preconditioner<Layers>, H: Dense) => (θ: Layers) => LinearOperator;

export const lodosStep: SaddleStep = (G) => G.at;

/** Steps that no saddle repels as it does LODO's. */
export const wrongSteps: Readonly<Record<string, SaddleStep>> = {
  "a sign: x + G m": (G) => (θ) => scaleOperator(-1, G.at(θ)),
  "Newton's step, which a saddle attracts: H⁻¹ in place of G": (_, H) => () => matrixOperator(toTensor(inverse(H))),
  "a missing factor: G̃ in place of G̃ᵀ G̃": (G) => (θ) => {
    const E = embed(G.dim, hiddenWidth(G.dim, θ.shape[2]));
    return scaleOperator(G.alpha0, compose(E.transpose(), chain(G.fixed["permutations"] as readonly Int32Array[], θ), E));
  },
};
