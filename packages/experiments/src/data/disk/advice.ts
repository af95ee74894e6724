import { type Dataset, filesOf } from "../datasets.ts";

/** What to put where, without `lodo data`. */
export function byHand(dataset: Dataset, folder: string): string {
  const { published, debian } = dataset;
  const names = filesOf(dataset)
    .map(({ name }) => name)
    .join(", ");
  const from = published.archive ? `of ${published.archive.name} ` : "";
  const packed = dataset.format === "mnist" ? ", gzipped or not" : "";
  const onDebian = debian ? `; or, on Debian, apt install ${debian.package}` : "";
  return `by hand, put ${names} ${from}into ${folder}${packed} (from ${published.addresses[0]})${onDebian}`;
}
