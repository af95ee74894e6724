import { Command } from "commander";
import { version } from "../version.ts";
import { backendsCommand } from "./commands/backends.ts";
import { claimsCommand } from "./commands/claims.ts";
import { dataCommand } from "./commands/data.ts";
import { listCommand } from "./commands/list.ts";
import { metaTrainCommand } from "./commands/metaTrain.ts";
import { preconditionersCommand } from "./commands/preconditioners.ts";
import { reportCommand } from "./commands/report.ts";
import { reproduceCommand } from "./commands/reproduce.ts";
import { runCommand } from "./commands/run.ts";
import { sampleCommand } from "./commands/sample.ts";
import { tuneCommand } from "./commands/tune.ts";
import { explain } from "./errors.ts";
import type { Io } from "./io.ts";

/** Every command; a line here puts it on the command line. */
const commands: readonly ((io: Io) => Command)[] = [
  listCommand,
  runCommand,
  sampleCommand,
  tuneCommand,
  reproduceCommand,
  reportCommand,
  claimsCommand,
  preconditionersCommand,
  metaTrainCommand,
  backendsCommand,
  dataCommand,
];

/**
 * The command line `lodo`. Writes results to stdout, everything else to stderr, and ends the process in no case.
 * @returns 0 done, 2 wrong usage, 1 failed.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command("lodo")
    .description("Learned quasi-Newton optimization: run it, and reproduce the paper's numbers.")
    .version(version)
    .showHelpAfterError("(lodo help says what there is)")
    .addHelpText("after", "\nExit codes: 0 done, 2 wrong usage, 1 failed.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => void io.stdout.write(text), writeErr: (text) => void io.stderr.write(text) });
  for (const command of commands) program.addCommand(command(io).copyInheritedSettings(program));
  try {
    await program.parseAsync(argv, { from: "user" });
    return 0;
  } catch (error) {
    const { code, message } = explain(error);
    if (message !== null) io.stderr.write(`error: ${message}\n`);
    return code;
  }
}
