import { optimizers } from "@lodo/optim";
import { architectures } from "@lodo/preconditioner";
import { Command } from "commander";
import { tasks } from "../../tasks/index.ts";
import { type Io, writeJson } from "../io.ts";

interface Entry {
  readonly id: string;
  readonly summary: string;
  /** Where in the paper. */
  readonly reference: string;
}

const registries: Readonly<Record<string, readonly Entry[]>> = { tasks, optimizers, preconditioners: architectures };

/** `lodo list`: every name that other commands take. */
export function listCommand(io: Io): Command {
  return new Command("list")
    .description("tasks, optimizers, preconditioners and experiments, with where they are in the paper")
    .option("--json", "one JSON document on stdout")
    .action(({ json = false }: { readonly json?: boolean }) => {
      const about = ({ id, summary, reference }: Entry): Entry => ({ id, summary, reference });
      const listed = Object.fromEntries(Object.entries(registries).map(([kind, entries]) => [kind, entries.map(about)]));
      if (json) writeJson(io, listed);
      else io.stdout.write(table(listed));
    });
}

function table(listed: Readonly<Record<string, readonly Entry[]>>): string {
  const width = Math.max(...Object.values(listed).flatMap((entries) => entries.map(({ id }) => id.length)));
  const line = ({ id, summary, reference }: Entry): string => `  ${id.padEnd(width)}  ${summary} [${reference}]`;
  return Object.entries(listed)
    .map(([kind, entries]) => `${[kind, ...entries.map(line)].join("\n")}\n`)
    .join("\n");
}
