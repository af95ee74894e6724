/** Which part of a data set: the one that is learned from, or the one held out. */
export type Split = "train" | "test";

/** Images of whole numbers, and the class of each. */
export interface LabelledPixels {
  /** Row-major [n, h, w, c], each from 0 to 255. */
  readonly images: Uint8Array;
  /** [n, h, w, c]; c is 1 for grey, 3 for red, green, blue. */
  readonly shape: readonly [n: number, h: number, w: number, c: number];
  /** [n], each below the number of classes. */
  readonly labels: Uint8Array;
}

/** One split of a data set, as it was read. */
export interface ImageDataset extends LabelledPixels {
  /**
   * What results measured on this data are to call it: the data set's id if every file has its published digest, else the same with " (unverified)".
   * No data has another data set's name.
   */
  readonly name: string;
  readonly split: Split;
  /** Whether every file has its published digest. */
  readonly verified: boolean;
  /** SHA-256 of the SHA-256s of the unpacked files, in hexadecimal, a line each. */
  readonly digest: string;
}
