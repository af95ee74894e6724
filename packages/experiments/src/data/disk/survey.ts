import { type Dataset, datasets } from "../datasets.ts";
import { digestOf } from "../digest.ts";
import { DataError } from "../errors.ts";
import { identify } from "../identify.ts";
import type { Split } from "../labelledPixels.ts";
import { type Found, findSplit } from "./find.ts";
import { candidateFolders, type Surroundings } from "./places.ts";
import { readUnpacked } from "./readUnpacked.ts";

/** What there is of one split of a data set. */
export interface Survey {
  readonly dataset: string;
  readonly split: Split;
  /** The folder that would be read; null if none has any of the files. */
  readonly folder: string | null;
  readonly state: "absent" | "incomplete" | "verified" | "unverified" | "wrong";
  /** What is wrong, missing or unverified, in words; null where nothing is. */
  readonly remark: string | null;
}

/** What there is of every split, by the digests of the files. */
export const surveyAll = (data: string | undefined, around: Surroundings, known: readonly Dataset[] = datasets): readonly Survey[] =>
  known.flatMap((dataset) =>
    (["train", "test"] as const).map((split) => survey(dataset, split, candidateFolders(dataset, data, around), known)),
  );

function survey(dataset: Dataset, split: Split, folders: readonly string[], known: readonly Dataset[]): Survey {
  const of = { dataset: dataset.id, split };
  try {
    const found = findSplit(dataset, split, folders);
    if (found === null) return { ...of, folder: null, state: "absent", remark: null };
    if (found.missing.length === 0) return { ...of, folder: found.folder, ...judge(found, known) };
    return { ...of, folder: found.folder, state: "incomplete", remark: `no ${found.missing.map(({ name }) => name).join(", ")}` };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { ...of, folder: null, state: "wrong", remark: error.message };
  }
}

function judge({ present }: Found, known: readonly Dataset[]): Pick<Survey, "state" | "remark"> {
  const unverified: string[] = [];
  for (const { path, file } of present) {
    const identity = identify(digestOf(readUnpacked(path, file.bytes)), file, known);
    if (identity.kind === "other") return { state: "wrong", remark: `${path} is ${identity.is}` };
    if (identity.kind === "unverified") unverified.push(file.name);
  }
  return unverified.length === 0
    ? { state: "verified", remark: null }
    : { state: "unverified", remark: `not the published ${unverified.join(", ")}` };
}
