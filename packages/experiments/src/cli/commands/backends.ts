import { Command } from "commander";
import { survey } from "../../backends/survey.ts";
import { textSurvey } from "../../backends/textSurvey.ts";
import { positiveUpTo } from "../arguments.ts";
import { type Io, writeJson } from "../io.ts";

interface BackendsOptions {
  readonly seconds: number;
  readonly json?: boolean;
}

const help = `
A backend is what computes: the reference, whose plain loops say what every kernel is; simd, in WebAssembly, with the same bits on every machine; gpu,
in float32, whose last bits differ from one to another. Commands that compute take --backend, or what the variable LODO_BACKEND names, or auto: a
GPU in hardware for what is computed in float32, else simd, else the reference. A run says what computed it, and goes on with the same.

Examples:
  lodo backends
  lodo backends --seconds 1 --json
  lodo run rosenbrock --optimizer lodo --backend reference`;

/** `lodo backends`: what there is to compute with. */
export function backendsCommand(io: Io): Command {
  return new Command("backends")
    .description("what this machine has to compute with, how fast and how exact it is, and what auto takes")
    .option("--seconds <s>", "of measuring, in all", positiveUpTo(600), 5)
    .option("--json", "one JSON document on stdout")
    .addHelpText("after", help)
    .action(async ({ seconds, json = false }: BackendsOptions) => {
      const found = await survey({ seconds });
      if (json) writeJson(io, { ...found, backends: found.backends.map(withoutKernels) });
      else io.stdout.write(textSurvey(found));
    });
}

/** A backend itself is no data. */
function withoutKernels({ offer, ...rest }: Awaited<ReturnType<typeof survey>>["backends"][number]): object {
  if (!offer.available) return { ...rest, ...offer };
  const { backend: _, ...said } = offer;
  return { ...rest, ...said };
}
