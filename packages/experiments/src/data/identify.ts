import { type Dataset, datasets, filesOf, type PublishedFile } from "./datasets.ts";

/** Whether a file is what it is called, by its digest: as published, some other published file ("Fashion-MNIST's t10k-…"), or of no known digest. */
export type Identity = { readonly kind: "verified" | "unverified" } | { readonly kind: "other"; readonly is: string };

/** What a file with this digest is, that was found in the place of `expected`. */
export function identify(sha256: string, expected: PublishedFile, known: readonly Dataset[] = datasets): Identity {
  if (sha256 === expected.sha256) return { kind: "verified" };
  for (const dataset of known) {
    const found = filesOf(dataset).find((file) => file.sha256 === sha256);
    if (found) return { kind: "other", is: `${dataset.title}'s ${found.name}` };
  }
  return { kind: "unverified" };
}
