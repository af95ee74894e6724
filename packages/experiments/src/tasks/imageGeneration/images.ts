import { createRng } from "@lodo/tensor";
import { datasetNamed } from "../../data/datasets.ts";
import { digestOfDigests } from "../../data/digest.ts";
import { loadImages } from "../../data/disk/loadImages.ts";
import type { LabelledPixels } from "../../data/labelledPixels.ts";
import { type DataSource, dataSource } from "../dataSource.ts";
import type { DataIdentity } from "../task.ts";
import type { GreyImages } from "./channels.ts";
import type { TrainAndTest } from "./imageGeneration.ts";

const grey = ({ images, shape: [count, height, width] }: LabelledPixels): GreyImages => ({ pixels: images, count, height, width });

export type Identified = TrainAndTest & { readonly data: DataIdentity };

/** The last that was read: a search makes many tasks of the same data, and reading them takes a second. */
let last: { readonly id: string; readonly source: DataSource; readonly images: Identified } | null = null;

/** Of the training images, the last, kept for validation: as in the authors' code; the paper gives no number. */
export const HELD = 64;

/**
 * Both splits of a data set, with more images to learn from than are held.
 * @throws DataError if they cannot be had: what loadImages says.
 */
export function identifiedImages(id: string): Identified {
  const source = dataSource();
  if (last?.id === id && last.source === source) return last.images;
  const { folder, warn } = source;
  const options = { ...(folder === undefined ? {} : { data: folder }), ...(warn ? { warn } : {}) };
  const train = loadImages(datasetNamed(id), "train", { ...options, atLeast: HELD + 1 });
  const test = loadImages(datasetNamed(id), "test", options);
  const data = { name: train.verified ? test.name : train.name, digest: digestOfDigests([train.digest, test.digest]) };
  last = { id, source, images: { train: grey(train), test: grey(test), data } };
  return last.images;
}

/** Noise of some size, in the place of images; the same at every call. */
export function madeUpImages(count: number, height: number, width: number): TrainAndTest {
  const rng = createRng(0);
  const pixels = Uint8Array.from({ length: count * height * width }, () => rng.integer(256));
  const train = { pixels, count, height, width };
  return { train, test: train };
}
