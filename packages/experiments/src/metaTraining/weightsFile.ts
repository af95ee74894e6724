import { extname } from "node:path";
import { serialize } from "@lodo/optim";
import type { TrainedOnBowls } from "./trainOnBowls.ts";

/** How a file of weights begins, by the ending of its name. */
const formats: Readonly<Record<string, (trained: TrainedOnBowls, command: string) => Uint8Array | string>> = {
  ".safetensors": ({ options, curve, weights }, command) => serialize({ command, options: { ...options }, curve, weights }),
  ".ts": weightsModule,
};

/** The endings of names that files of weights can have. */
export const weightsExtensions: readonly string[] = Object.keys(formats);

/** The content of a file of weights; undefined unless its name ends as one of those. */
export const weightsFormat = (path: string): ((trained: TrainedOnBowls, command: string) => Uint8Array | string) | undefined =>
  formats[extname(path)];

/** The longest line of a module. */
const WIDTH = 140;

/** A TypeScript module, for where there are no files to read: weights as safetensors in base64. */
function weightsModule({ curve, weights }: TrainedOnBowls, command: string): string {
  const base64 = Buffer.from(serialize(weights)).toString("base64");
  const lines = base64.match(/.{1,120}/g) ?? [];
  return `/** Weights as \`${command}\` wrote them, in safetensors as base64. */
export const trained: { readonly command: string; readonly curve: readonly number[]; readonly weights: readonly string[] } = {
  command: ${JSON.stringify(command)},
  // Mean losses over successive parts of the training.
  curve: [
${filled(curve.map((loss) => `${loss},`))}
  ],
  weights: [
${lines.map((line) => `    "${line}",`).join("\n")}
  ],
};
`;
}

/** As many words a line as there is room for, which is how the formatter has it. */
function filled(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const extended = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && extended.length <= WIDTH) lines[lines.length - 1] = extended;
    else lines.push(`    ${word}`);
  }
  return lines.join("\n");
}
