import { Command, InvalidArgumentError } from "commander";
import { datasets, filesOf } from "../../data/datasets.ts";
import { type Fetched, fetchDataset } from "../../data/disk/fetchDataset.ts";
import { dataFolder, datasetFolder, surroundings } from "../../data/disk/places.ts";
import { type Survey, surveyAll } from "../../data/disk/survey.ts";
import { folderPath } from "../arguments.ts";
import { FailureError, UsageError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";
import { byId } from "../suggest.ts";

interface DataOptions {
  readonly data?: string;
  readonly mirror?: string;
  readonly json?: boolean;
}

const help = `
Without a name: what is found where, by the digests of the files. With one: fetches what is missing of it, checks every byte against the published
SHA-256 and puts it, unpacked, where everything looks for it: the folder given by --data, else $LODO_DATA, else the user's cache. On Debian,
Fashion-MNIST is also found where the package dataset-fashion-mnist puts it.

Examples:
  lodo data
  lodo data fashion-mnist
  lodo data cifar-10 --data ~/data`;

/** `lodo data`: image data sets, where they are and how they come there. */
export function dataCommand(io: Io): Command {
  return new Command("data")
    .description("find or fetch image data: MNIST, Fashion-MNIST, CIFAR-10")
    .argument("[dataset]", `one of ${datasets.map(({ id }) => id).join(", ")}, to fetch it`)
    .option("--data <dir>", "the folder for data, and no other", folderPath)
    .option("--mirror <url>", "fetch from this folder on the web, not from the published ones", webAddress)
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help)
    .action((id: string | undefined, options: DataOptions) => (id === undefined ? list(io, options) : get(io, id, options)));
}

function webAddress(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError(`Expected an address that begins with http:// or https://, got "${text}".`);
}

function list(io: Io, { data, mirror, json = false }: DataOptions): void {
  if (mirror !== undefined) throw new UsageError("--mirror needs the name of a data set to fetch");
  const around = surroundings();
  const found = surveyAll(data, around);
  if (json) writeJson(io, found);
  else io.stdout.write(`${found.map(describe).join("\n")}\n\nlodo data NAME fetches one into ${dataFolder(data, around)}\n`);
}

const width = Math.max(...datasets.map(({ id }) => id.length));

function describe({ dataset, split, folder, state, remark }: Survey): string {
  const words = state === "absent" ? "not found" : state === "verified" ? "as published" : state === "wrong" ? "unusable" : state;
  const detail = remark === null ? "" : `: ${remark}`;
  return `${dataset.padEnd(width)}  ${split.padEnd(5)}  ${words}${detail}${folder === null ? "" : `, in ${folder}`}`;
}

async function get(io: Io, id: string, { data, mirror, json = false }: DataOptions): Promise<void> {
  const dataset = byId("data set", id, datasets);
  const folder = datasetFolder(dataset, data, surroundings());
  const total = filesOf(dataset).reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = createProgress(io.stderr, { label: id, total: megabytes(total), unit: "MB", quiet: json });
  const onProgress = (bytes: number, name: string): void => progress.update(megabytes(bytes), name);
  const fetched = await interruptible(io, progress, async (signal) => {
    try {
      return await fetchDataset(dataset, folder, { signal, onProgress, ...(mirror === undefined ? {} : { mirror }) });
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new FailureError(`interrupted by ${signal.reason}; files that were whole are in ${folder}, and the same command goes on`);
    }
  });
  if (json) writeJson(io, { dataset: id, folder, kept: names(fetched.kept), fetched: names(fetched.fetched) });
  else io.stdout.write(summary(dataset.title, folder, fetched));
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;

const names = (files: Fetched["kept"]): readonly string[] => files.map(({ name }) => name);

function summary(title: string, folder: string, { kept, fetched }: Fetched): string {
  if (fetched.length === 0) return `${title} is in ${folder}, as published; nothing was fetched\n`;
  const before = kept.length === 0 ? "" : `; there already: ${names(kept).join(", ")}`;
  return `${title} is in ${folder}, as published; fetched: ${names(fetched).join(", ")}${before}\n`;
}
