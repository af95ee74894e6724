import { createRng } from "@lodo/tensor";
import { datasetNamed } from "../../data/datasets.ts";
import { digestOfDigests } from "../../data/digest.ts";
import { loadImages } from "../../data/disk/loadImages.ts";
import { type DataSource, dataSource } from "../dataSource.ts";
import type { DataIdentity } from "../task.ts";
import type { LabelledTrainAndTest } from "./imageClassification.ts";

type Identified = LabelledTrainAndTest & { readonly data: DataIdentity };

/** What was read last: a search makes many tasks of the same data, and reading them takes seconds. */
let last: { readonly source: DataSource; readonly images: Identified } | null = null;

/**
 * Both splits of CIFAR-10.
 * @throws DataError if they cannot be had: what loadImages says.
 */
export function cifar10Images(): Identified {
  const source = dataSource();
  if (last?.source === source) return last.images;
  const { folder, warn } = source;
  const options = { ...(folder === undefined ? {} : { data: folder }), ...(warn ? { warn } : {}) };
  const [train, test] = (["train", "test"] as const).map((split) => loadImages(datasetNamed("cifar-10"), split, options)) as [
    ReturnType<typeof loadImages>,
    ReturnType<typeof loadImages>,
  ];
  const data = { name: train.verified ? test.name : train.name, digest: digestOfDigests([train.digest, test.digest]) };
  last = { source, images: { train, test, data } };
  return last.images;
}

/** Noise in the place of images, of classes in turn; the same at every call. */
export function madeUpColours(count: number, side: number, classes: number): LabelledTrainAndTest {
  const rng = createRng(0);
  const images = Uint8Array.from({ length: count * side * side * 3 }, () => rng.integer(256));
  const train = { images, shape: [count, side, side, 3] as const, labels: Uint8Array.from({ length: count }, (_, i) => i % classes) };
  return { train, test: train };
}
