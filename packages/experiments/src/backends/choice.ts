/** What backends are called, the plainest first. */
export const backendIds = ["reference", "simd", "gpu"] as const;
export type BackendId = (typeof backendIds)[number];

/** What a user can ask for: one of them, or the best that there is. */
export type BackendName = BackendId | "auto";
export const backendNames: readonly BackendName[] = [...backendIds, "auto"];

/** Which kernels compute a run, as plain data: with the run's configuration it gives the run's bits. */
export interface BackendChoice {
  readonly backend: BackendId;
  /** Fused multiply-adds, which round once instead of twice. */
  readonly fastMath: boolean;
}

/** What computes unless somebody chooses. */
export const onReference: BackendChoice = { backend: "reference", fastMath: false };

/** `reference`, `simd`, `simd with fast-math`. */
export const describeChoice = ({ backend, fastMath }: BackendChoice): string => `${backend}${fastMath ? " with fast-math" : ""}`;

/** A choice as a record has it: what is absent is the reference's. */
export const choiceOf = ({ backend, fastMath }: { readonly backend?: BackendId; readonly fastMath?: boolean }): BackendChoice => ({
  backend: backend ?? onReference.backend,
  fastMath: fastMath ?? onReference.fastMath,
});
