/** `library.ts` as it was bundled: no server that helps development has touched it. */
export const { gpu, gpuCases, kernels, network, noisyQuadraticBowl, optim, preconditioner, simulation, tensor, testkit } = (await import(
  /* @vite-ignore */ new URL("/library.js", import.meta.url).href
)) as typeof import("./library.ts");
