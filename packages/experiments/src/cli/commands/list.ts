import { optimizers } from "@lodo/optim";
import { architectures, describeDomain, type Hyperparameters } from "@lodo/preconditioner";
import { Command } from "commander";
import { claims } from "../../claims/index.ts";
import { targets } from "../../experiments/targets.ts";
import { tasks } from "../../tasks/index.ts";
import { type Io, writeJson } from "../io.ts";
import { byId } from "../suggest.ts";

interface Entry {
  readonly id: string;
  readonly summary: string;
  /** Where in the paper. */
  readonly reference: string;
  /** What --set can set. */
  readonly options?: Hyperparameters;
}

/** What is listed of a registry's entry. */
const entry = ({ id, summary, reference }: Entry, options?: Hyperparameters): Entry => ({
  id,
  summary,
  reference,
  ...(options ? { options } : {}),
});

const registries: Readonly<Record<string, readonly Entry[]>> = {
  tasks: tasks.map((task) => entry(task, task.options)),
  optimizers: optimizers.map((optimizer) => entry(optimizer, optimizer.hyperparameters)),
  preconditioners: architectures.map((architecture) => entry(architecture, architecture.hyperparameters)),
  experiments: targets.map((target) => entry(target)),
  claims: claims.map(({ id, reference, statement }) => entry({ id, reference, summary: statement })),
};

/** `lodo list`: every name that other commands take, or all about one. */
export function listCommand(io: Io): Command {
  return new Command("list")
    .description("tasks, optimizers, preconditioners, experiments and claims, with where they are in the paper")
    .argument("[id]", "one of them, to see its options")
    .option("--json", "one JSON document on stdout")
    .action((id: string | undefined, { json = false }: { readonly json?: boolean }) => {
      const one = id === undefined ? null : byId("name", id, Object.values(registries).flat());
      if (json) writeJson(io, one ?? registries);
      else io.stdout.write(one ? describe(one) : table());
    });
}

function table(): string {
  const width = Math.max(...Object.values(registries).flatMap((entries) => entries.map(({ id }) => id.length)));
  const line = ({ id, summary, reference }: Entry): string => `  ${id.padEnd(width)}  ${summary} [${reference}]`;
  return Object.entries(registries)
    .map(([kind, entries]) => `${[kind, ...entries.map(line)].join("\n")}\n`)
    .join("\n");
}

function describe({ id, summary, reference, options = {} }: Entry): string {
  const width = Math.max(0, ...Object.keys(options).map((key) => key.length));
  const lines = Object.entries(options).map(
    ([key, { about, domain, default: value }]) => `  ${key.padEnd(width)}  ${about}: ${describeDomain(domain)}; default ${value}`,
  );
  return `${[`${id}: ${summary} [${reference}]`, ...lines].join("\n")}\n`;
}
