import { kernels } from "@lodo/tensor";

/** What a kernel's declaration computes. Looked up when it is called: in a bundle, kernels that nothing uses are not there. */
export const referenceOf =
  <F extends (...args: never[]) => unknown>(name: string): ((...args: Parameters<F>) => ReturnType<F>) =>
  (...args) =>
    (kernels.get(name) as unknown as { readonly reference: (...args: Parameters<F>) => ReturnType<F> }).reference(...args);
