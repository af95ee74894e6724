import { datasetNamed } from "../../data/datasets.ts";
import type { Verdict } from "../experiment.ts";
import type { Estimate, Row } from "../row.ts";

/** The data sets that the network is trained on; the paper has MNIST alone. */
export type ImageData = "mnist" | "fashion-mnist";

/** The paper's mean losses after 50 000 s. */
export interface PaperLosses {
  readonly training: number;
  readonly test: number;
}

/** Some optimizers that train the network of Section 5.3, as one of the paper's tables has them. */
export interface ImageComparison {
  /** `table-2`; of its figure likewise. Those of other data than the paper's have the data's name behind. */
  readonly table: string;
  readonly figure: string;
  readonly title: string;
  readonly reference: string;
  readonly claim: string;
  /** Those with the longest steps first. */
  readonly names: readonly string[];
  /** Null where every run diverged. */
  readonly paper: Readonly<Record<string, PaperLosses | null>>;
  readonly notes: readonly string[];
}

/** Does the claim hold of these rows? */
export type Judged = (rows: readonly Row[], data: ImageData) => Verdict;

/** `table-2` on MNIST, `table-2-fashion-mnist` on the other. */
export const idOn = (id: string, data: ImageData): string => (data === "mnist" ? id : `${id}-${data}`);

export const titleOf = (data: ImageData): string => datasetNamed(data).title;

/** The columns of the table. Each names its data. */
export const columnsOn = (data: ImageData): { readonly training: string; readonly validation: string; readonly test: string } => ({
  training: `training loss on ${titleOf(data)}`,
  validation: `validation loss on ${titleOf(data)}`,
  test: `test loss on ${titleOf(data)}`,
});

/** How far above the best loss one may be that is competitive with it: a fraction. In the paper LODO's is 0.4% above by training loss, 2.2% by test loss. */
export const atMostAbove = 0.05;

/** How long the runs of the paper were by the clock, and of how many examples its losses are. */
export const paperSeconds = 50_000;
export const paperBatch = 256;

export const paperNumber = (losses: PaperLosses | null | undefined, which: keyof PaperLosses): Estimate | null =>
  losses ? { mean: losses[which], std: null } : null;
