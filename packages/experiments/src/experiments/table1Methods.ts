/** What Table 1 says of an optimizer besides its losses. */
export interface Method {
  /** A registry id. */
  readonly name: string;
  /** Time that a step takes beyond the gradient, at n parameters. */
  readonly time: string;
  /** `paper`: as the authors ran it. `corrected`: the same method as its references have it, which the paper does not have. */
  readonly recipe: "paper" | "corrected";
  /** Is it told the Hessian, which others have to find out? */
  readonly toldHessian: boolean;
}

const ofPaper = (name: string, time: string): Method => ({ name, time, recipe: "paper", toldHessian: false });

const corrected = (name: string, time: string): Method => ({ ...ofPaper(name, time), recipe: "corrected" });

const told = (name: string, time: string): Method => ({ ...ofPaper(name, time), toldHessian: true });

/** The optimizers of Table 1, those with the longest steps first. */
export const table1Methods: readonly Method[] = [
  // A network of fixed size at every coordinate.
  ofPaper("l2lbgdbgd", "O(n)"),
  // N layers of O(n) each, N of order log n.
  ofPaper("lodo", "O(n log n)"),
  ofPaper("bfgs", "O(n²)"),
  // Two loops over h pairs of vectors.
  ofPaper("l-bfgs", "O(hn)"),
  corrected("l-bfgs-corrected", "O(hn)"),
  ofPaper("o-lbfgs", "O(hn)"),
  corrected("o-lbfgs-corrected", "O(hn)"),
  corrected("bfgs-corrected", "O(n²)"),
  // A linear system in H. On the bowl, whose H stays as it is and is known in factors, ours pay O(n²).
  told("newton", "O(n³)"),
  told("levenberg-marquardt", "O(n³)"),
  ofPaper("yogi", "O(n)"),
  ofPaper("rmsprop", "O(n)"),
  ofPaper("adam", "O(n)"),
  ofPaper("momentum", "O(n)"),
];

/** What is known of an optimizer; null for one that is not in the table. */
export const methodOf = (name: string): Method | null => table1Methods.find((method) => method.name === name) ?? null;
