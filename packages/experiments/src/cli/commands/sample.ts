import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRng } from "@lodo/tensor";
import { Command, Option } from "commander";
import { encode } from "fast-png";
import { choiceOf } from "../../backends/choice.ts";
import { onBackend } from "../../backends/onBackend.ts";
import { attempt } from "../../files.ts";
import type { RunConfiguration } from "../../run/configuration.ts";
import { RunFolderError } from "../../run/errors.ts";
import { checkpointIn, configurationIn } from "../../run/readRun.ts";
import { CHANNELS, type GreyImages } from "../../tasks/imageGeneration/channels.ts";
import { HELD, identifiedImages } from "../../tasks/imageGeneration/images.ts";
import { channelImages, type GreyPicture, grid } from "../../tasks/imageGeneration/pictures.ts";
import { imageGenerationTask } from "../../tasks/imageGeneration/registration.ts";
import { blank, sampleImages } from "../../tasks/imageGeneration/sample.ts";
import type { DataIdentity } from "../../tasks/task.ts";
import { folderPath, integerOf } from "../arguments.ts";
import { type BackendFlags, backendOptions, openAsked } from "../backendOptions.ts";
import { FailureError, UsageError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";
import { withDataAsked } from "../withDataAsked.ts";

interface SampleOptions extends BackendFlags {
  readonly count: number;
  readonly seed: number;
  readonly out?: string;
  readonly known: number;
  readonly channels?: boolean;
  readonly image: number;
  readonly pixel: number;
  readonly data?: string;
  readonly json?: boolean;
}

/** Pixels of a picture, along an edge, for one of an image. */
const SCALE = 3;
/** Images are of 28×28 pixels. */
const SIDE = 28;

const help = `
Draws images from what the network of a run has learned: pixel by pixel, each from the distribution that the network gives it, given those before (the
paper's Figure 10). With --channels it draws what the network sees of one image when it is asked for one pixel (Figure 9): ${CHANNELS.join(", ")}.

Examples:
  lodo sample runs/images
  lodo sample runs/images --count 16 --seed 1 --out grid.png
  lodo sample runs/images --count 16 --known 392
  lodo sample runs/images --channels --image 3 --pixel 406`;

/** `lodo sample`: pictures from a run of image-generation. */
export function sampleCommand(io: Io): Command {
  const command = new Command("sample")
    .description("draw images from what a run of image-generation has learned")
    .argument("<run-folder>", "the folder of the run, finished or not")
    .addOption(new Option("--count <n>", "images").argParser(integerOf(1, 10_000)).default(64))
    .addOption(new Option("--seed <n>", "of the draws").argParser(integerOf(Number.MIN_SAFE_INTEGER)).default(0))
    .option("--out <file>", "the picture (default: samples.png or channels.png in the run folder)", folderPath)
    .addOption(
      new Option("--known <n>", "begin with as many pixels, in raster order, of the images held for validation")
        .argParser(integerOf(0, SIDE * SIDE))
        .default(0),
    )
    .option("--channels", "draw the input channels of one query instead")
    .addOption(new Option("--image <n>", "of the training images, for --channels").argParser(integerOf(0)).default(0))
    .addOption(
      new Option("--pixel <n>", "in raster order, for --channels")
        .argParser(integerOf(0, SIDE * SIDE - 1))
        .default(SIDE * (SIDE / 2) + SIDE / 2),
    )
    .option("--data <dir>", "the folder for the run's data, and no other, for --known and --channels", folderPath)
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of backendOptions()) command.addOption(option);
  return command.action((folder: string, options: SampleOptions) => sample(io, folder, options));
}

async function sample(io: Io, folder: string, options: SampleOptions): Promise<void> {
  const configuration = configurationIn(folder);
  if (configuration.task !== imageGenerationTask.id)
    throw new UsageError(`expected the folder of a run of ${imageGenerationTask.id}, found one of ${configuration.task} in ${folder}`);
  const picture = options.channels ? await channels(io, configuration, options) : await drawn(io, folder, configuration, options);
  const out = options.out ?? join(folder, options.channels ? "channels.png" : "samples.png");
  attempt(RunFolderError, out, "write", () => writeFileSync(out, encode({ ...picture, channels: 1, depth: 8 })));
  if (options.json) writeJson(io, { out, width: picture.width, height: picture.height });
  else io.stdout.write(`written to ${out}\n`);
}

/** The data that the run is on. @throws FailureError if there are others in their place. */
async function imagesOf(io: Io, { taskOptions, data }: RunConfiguration, options: SampleOptions): Promise<GreyImages> {
  const found = await withDataAsked(io, options, async () => identifiedImages(`${taskOptions["data"]}`));
  const describe = ({ name, digest }: DataIdentity): string => `${name} with digest ${digest}`;
  if (data && found.data.digest !== data.digest)
    throw new FailureError(`expected the data of the run, ${describe(data)}, found ${describe(found.data)}`);
  return found.train;
}

async function channels(io: Io, configuration: RunConfiguration, options: SampleOptions): Promise<GreyPicture> {
  const { image, pixel } = options;
  const images = await imagesOf(io, configuration, options);
  if (image >= images.count) throw new UsageError(`--image must be below ${images.count}, the training images; got ${image}`);
  return grid(channelImages(images, { image, pixel }), { columns: CHANNELS.length, scale: SCALE });
}

/** What the samples begin with: nothing, or the last images, which no training has seen. */
async function begunWith(io: Io, configuration: RunConfiguration, options: SampleOptions): Promise<GreyImages> {
  const { count, known } = options;
  if (known === 0) return blank(count, SIDE, SIDE);
  if (count > HELD) throw new UsageError(`--count must be at most ${HELD} with --known, the images held for validation; got ${count}`);
  const images = await imagesOf(io, configuration, options);
  return { ...images, count, pixels: images.pixels.slice((images.count - count) * SIDE * SIDE) };
}

async function drawn(io: Io, folder: string, configuration: RunConfiguration, options: SampleOptions): Promise<GreyPicture> {
  const { count, seed, known, json = false } = options;
  const begun = await begunWith(io, configuration, options);
  const { backend } = await openAsked(io, { ...options, there: choiceOf(configuration), dtype: "float32" });
  return onBackend(backend, async () => {
    const { snapshot } = checkpointIn(folder, configuration);
    const task = imageGenerationTask.rehearse(createRng(0), configuration.taskOptions);
    const images = sampleImages(task.network, task.weights(snapshot.x), createRng(seed), { begun, known });
    const progress = createProgress(io.stderr, { label: `${count} samples`, total: SIDE * SIDE, unit: "pixels of each", quiet: json });
    return interruptible(io, progress, async (signal) => {
      for (let next = images.next(); ; next = images.next()) {
        if (next.done) return grid(next.value, { columns: Math.ceil(Math.sqrt(count)), scale: SCALE });
        progress.update(next.value);
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (signal.aborted)
          throw new FailureError(`interrupted by ${signal.reason} after ${next.value} of ${SIDE * SIDE} pixels of each image`);
      }
    });
  });
}
