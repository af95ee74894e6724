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
import { withDataFrom } from "../../tasks/dataSource.ts";
import { CHANNELS } from "../../tasks/imageGeneration/channels.ts";
import { identifiedImages } from "../../tasks/imageGeneration/images.ts";
import { channelImages, type GreyPicture, grid } from "../../tasks/imageGeneration/pictures.ts";
import { imageGenerationTask } from "../../tasks/imageGeneration/registration.ts";
import { blank, sampleImages } from "../../tasks/imageGeneration/sample.ts";
import { folderPath, integerOf } from "../arguments.ts";
import { type BackendFlags, backendOptions, openAsked } from "../backendOptions.ts";
import { FailureError, UsageError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";

interface SampleOptions extends BackendFlags {
  readonly count: number;
  readonly seed: number;
  readonly out?: string;
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
  lodo sample runs/images --channels --image 3 --pixel 406`;

/** `lodo sample`: pictures from a run of image-generation. */
export function sampleCommand(io: Io): Command {
  const command = new Command("sample")
    .description("draw images from what a run of image-generation has learned")
    .argument("<run-folder>", "the folder of the run, finished or not")
    .addOption(new Option("--count <n>", "images").argParser(integerOf(1, 10_000)).default(64))
    .addOption(new Option("--seed <n>", "of the draws").argParser(integerOf(Number.MIN_SAFE_INTEGER)).default(0))
    .option("--out <file>", "the picture (default: samples.png or channels.png in the run folder)", folderPath)
    .option("--channels", "draw the input channels of one query instead")
    .addOption(new Option("--image <n>", "of the training images, for --channels").argParser(integerOf(0)).default(0))
    .addOption(
      new Option("--pixel <n>", "in raster order, for --channels")
        .argParser(integerOf(0, SIDE * SIDE - 1))
        .default(SIDE * (SIDE / 2) + SIDE / 2),
    )
    .option("--data <dir>", "the folder for the run's data, and no other, for --channels", folderPath)
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of backendOptions()) command.addOption(option);
  return command.action((folder: string, options: SampleOptions) => sample(io, folder, options));
}

async function sample(io: Io, folder: string, options: SampleOptions): Promise<void> {
  const configuration = configurationIn(folder);
  if (configuration.task !== imageGenerationTask.id)
    throw new UsageError(`expected the folder of a run of ${imageGenerationTask.id}, found one of ${configuration.task} in ${folder}`);
  const picture = options.channels ? await channels(configuration, options) : await drawn(io, folder, configuration, options);
  const out = options.out ?? join(folder, options.channels ? "channels.png" : "samples.png");
  attempt(RunFolderError, out, "write", () => writeFileSync(out, encode({ ...picture, channels: 1, depth: 8 })));
  if (options.json) writeJson(io, { out, width: picture.width, height: picture.height });
  else io.stdout.write(`written to ${out}\n`);
}

async function channels({ taskOptions, data }: RunConfiguration, { image, pixel, data: folder }: SampleOptions): Promise<GreyPicture> {
  const images = await withDataFrom(folder === undefined ? {} : { folder }, async () => identifiedImages(`${taskOptions["data"]}`));
  if (data && images.data.digest !== data.digest)
    throw new FailureError(
      `expected the data of the run, ${data.name} with digest ${data.digest}, found ${images.data.name} with ${images.data.digest}`,
    );
  if (image >= images.train.count) throw new UsageError(`--image must be below ${images.train.count}, the training images; got ${image}`);
  return grid(channelImages(images.train, { image, pixel }), { columns: CHANNELS.length, scale: SCALE });
}

async function drawn(io: Io, folder: string, configuration: RunConfiguration, options: SampleOptions): Promise<GreyPicture> {
  const { count, seed, json = false } = options;
  const { backend } = await openAsked(io, { ...options, there: choiceOf(configuration), dtype: "float32" });
  return onBackend(backend, async () => {
    const { snapshot } = checkpointIn(folder, configuration);
    const task = imageGenerationTask.rehearse(createRng(0), configuration.taskOptions);
    const images = sampleImages(task.network, task.weights(snapshot.x), createRng(seed), { begun: blank(count, SIDE, SIDE) });
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
