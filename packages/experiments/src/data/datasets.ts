import { ArgumentError } from "@lodo/tensor";
import type { Split } from "./labelledPixels.ts";

/** A file as its publisher has it, unpacked. */
export interface PublishedFile {
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal, lower case. */
  readonly sha256: string;
}

/** Folders on the web, each ending in `/`, that hold what is fetched: each file gzipped, or one archive with all of them. */
export interface Published {
  readonly addresses: readonly string[];
  readonly archive?: PublishedFile;
}

/** A data set of labelled images, and everything by which it is found and known. */
export interface Dataset {
  readonly id: string;
  readonly title: string;
  readonly reference: string;
  /** `mnist`: a file of images and one of labels. `cifar-10`: any number of files of records. */
  readonly format: "mnist" | "cifar-10";
  readonly image: readonly [h: number, w: number, c: number];
  readonly classes: number;
  readonly files: Readonly<Record<Split, readonly PublishedFile[]>>;
  /** Where a folder of data has it: ours first, then as others lay it out. */
  readonly folders: readonly string[];
  readonly published: Published;
  /** The Debian package that has it, and where that puts it. */
  readonly debian?: { readonly package: string; readonly folder: string };
}

const file = (name: string, bytes: number, sha256: string): PublishedFile => ({ name, bytes, sha256 });

/** Of MNIST and what took its form. The digests are of the unpacked files: gzip's own bytes differ from one packer to the next. */
const idxFiles = (digests: readonly [string, string, string, string]): Dataset["files"] => ({
  train: [file("train-images-idx3-ubyte", 47_040_016, digests[0]), file("train-labels-idx1-ubyte", 60_008, digests[1])],
  test: [file("t10k-images-idx3-ubyte", 7_840_016, digests[2]), file("t10k-labels-idx1-ubyte", 10_008, digests[3])],
});

const mnist: Dataset = {
  id: "mnist",
  title: "MNIST",
  reference: "LeCun, Cortes & Burges, The MNIST database of handwritten digits",
  format: "mnist",
  image: [28, 28, 1],
  classes: 10,
  files: idxFiles([
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  ]),
  folders: ["mnist", "MNIST/raw", "."],
  published: {
    addresses: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "http://yann.lecun.com/exdb/mnist/",
    ],
  },
};

const fashionMnist: Dataset = {
  id: "fashion-mnist",
  title: "Fashion-MNIST",
  reference: "Xiao, Rasul & Vollgraf, Fashion-MNIST, 2017",
  format: "mnist",
  image: [28, 28, 1],
  classes: 10,
  files: idxFiles([
    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
  ]),
  folders: ["fashion-mnist", "FashionMNIST/raw", "."],
  published: {
    addresses: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ],
  },
  debian: { package: "dataset-fashion-mnist", folder: "/usr/share/datasets/fashion-mnist" },
};

const batch = (name: string, sha256: string): PublishedFile => file(name, 30_730_000, sha256);

const cifar10: Dataset = {
  id: "cifar-10",
  title: "CIFAR-10",
  reference: "Krizhevsky, Learning multiple layers of features from tiny images, 2009 (binary version)",
  format: "cifar-10",
  image: [32, 32, 3],
  classes: 10,
  files: {
    train: [
      batch("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
      batch("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
      batch("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
      batch("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
      batch("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
    ],
    test: [batch("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")],
  },
  folders: ["cifar-10", "cifar-10/cifar-10-batches-bin", "cifar-10-batches-bin", "."],
  published: {
    addresses: ["https://www.cs.toronto.edu/~kriz/"],
    archive: file("cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
  },
};

/** Every data set; a line here makes it known to the command line. */
export const datasets: readonly Dataset[] = [mnist, fashionMnist, cifar10];

/** @throws ArgumentError naming those that there are. */
export function datasetNamed(id: string): Dataset {
  const found = datasets.find((dataset) => dataset.id === id);
  if (found) return found;
  throw new ArgumentError("datasetNamed", `expected one of ${datasets.map(({ id }) => id).join(", ")}, got ${JSON.stringify(id)}`);
}

/** All files of a data set, of both splits. */
export const filesOf = ({ files }: Dataset): readonly PublishedFile[] => [...files.train, ...files.test];
