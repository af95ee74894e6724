import type { Dataset } from "../datasets.ts";
import type { LabelledPixels } from "../labelledPixels.ts";
import type { Found } from "./find.ts";

/** Images with their labels, and the digest of each file they were read from, in the order of `Dataset.files`. */
export interface ReadFiles extends LabelledPixels {
  readonly digests: readonly string[];
}

/** Reads the files of a split. @throws DataError if one cannot be read or is not of its form. */
export type Reader = (dataset: Dataset, found: Found) => ReadFiles;
