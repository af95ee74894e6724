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

/** The optimizers of Table 1, those with the longest steps first. */
export const table1Methods: readonly Method[] = [
  // N layers of O(n) each, N of order log n.
  ofPaper("lodo", "O(n log n)"),
  // A linear system in H. On the bowl ours has H in factors, and pays O(n²).
  { ...ofPaper("newton", "O(n³)"), toldHessian: true },
  ofPaper("yogi", "O(n)"),
  ofPaper("rmsprop", "O(n)"),
  ofPaper("adam", "O(n)"),
  ofPaper("momentum", "O(n)"),
];

/** What is known of an optimizer; null for one that is not in the table. */
export const methodOf = (name: string): Method | null => table1Methods.find((method) => method.name === name) ?? null;
