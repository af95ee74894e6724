import type { RegisteredOptimizer } from "@lodo/optim";
import { complete, type Domain, describeDomain, type Hyperparameter, type Hyperparameters } from "@lodo/preconditioner";
import { ArgumentError } from "@lodo/tensor";
import type { RegisteredTask } from "../tasks/task.ts";
import type { Values } from "../tunedValues.ts";
import { asUsage, UsageError } from "./errors.ts";
import { nearest, unknownName } from "./suggest.ts";

/** Every option of a run's task and optimizer. */
export interface Settings {
  readonly taskOptions: Values;
  readonly hyperparameters: Values;
}

/** A `key=value` of the command line; `scope` if the key said so (`task.noise`). */
interface Pair {
  readonly scope: "task" | "optimizer" | null;
  readonly key: string;
  readonly text: string;
}

/**
 * Every option, from what was set on the command line (`key=value`, each key alone or after `task.` or `optimizer.`), else from `base`, else from the
 * registrations. An optimizer's options include its preconditioner's.
 * @throws UsageError for what is no `key=value`, a key that nobody has (naming the nearest) or that both have, a key given twice, and a value out of its
 * domain.
 */
export function resolveSettings(
  task: Pick<RegisteredTask, "id" | "options">,
  optimizer: Pick<RegisteredOptimizer, "id" | "hyperparameters" | "hyperparametersWith">,
  set: readonly string[],
  base: Partial<Settings> = {},
): Settings {
  const pairs = set.map(parsePair);
  const of = (scope: "task" | "optimizer", options: Hyperparameters): Readonly<Record<string, string>> =>
    Object.fromEntries(
      pairs.filter((pair) => pair.scope === scope || (pair.scope === null && pair.key in options)).map(({ key, text }) => [key, text]),
    );
  const isForTask = ({ scope, key }: Pair): boolean => scope === "task" || (scope === null && key in task.options);
  const chosen = {
    ...base.hyperparameters,
    ...Object.fromEntries(pairs.filter((pair) => !isForTask(pair)).map(({ key, text }) => [key, text])),
  };
  for (const [key, text] of Object.entries(chosen)) checkChoice(optimizer.id, key, optimizer.hyperparameters[key]?.domain, text);
  const hyperparameters = asUsage(ArgumentError, () => optimizer.hyperparametersWith?.(chosen) ?? optimizer.hyperparameters);
  checkKeys(pairs, task, { id: optimizer.id, options: hyperparameters, choicesWith: (key) => choicesWith(optimizer, chosen, key) });
  return {
    taskOptions: values(task.id, task.options, of("task", task.options), base.taskOptions),
    hyperparameters: values(optimizer.id, hyperparameters, of("optimizer", hyperparameters), base.hyperparameters),
  };
}

function parsePair(text: string): Pair {
  const match = /^(?:(task|optimizer)\.)?([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*)=(.*)$/s.exec(text);
  if (!match) throw new UsageError(`--set takes key=value, got "${text}"`);
  return { scope: (match[1] as Pair["scope"]) ?? null, key: match[2] as string, text: match[3] as string };
}

interface Owner {
  readonly id: string;
  readonly options: Hyperparameters;
  /** Settings, `key=value`, with any one of which this would have an option of that name. */
  readonly choicesWith?: (key: string) => readonly string[];
}

/** The choices other than those made that bring an option with them. */
function choicesWith(
  { hyperparameters, hyperparametersWith }: Pick<RegisteredOptimizer, "hyperparameters" | "hyperparametersWith">,
  chosen: Values,
  key: string,
): readonly string[] {
  return Object.entries(hyperparameters).flatMap(([option, { domain }]) =>
    (domain.kind === "choice" ? domain.choices : [])
      .filter((choice) => Object.hasOwn(hyperparametersWith?.({ ...chosen, [option]: choice }) ?? {}, key))
      .map((choice) => `${option}=${choice}`),
  );
}

function checkKeys(pairs: readonly Pair[], task: Owner, optimizer: Owner): void {
  const seen = new Map<string, string>();
  for (const { scope, key, text } of pairs) {
    const owners = [task, optimizer].filter((owner, i) => scope !== (i === 0 ? "optimizer" : "task") && Object.hasOwn(owner.options, key));
    if (owners.length === 0) throw unknownKey(scope, key, task, optimizer);
    if (owners.length === 2)
      throw new UsageError(`both ${task.id} and ${optimizer.id} have an option ${key}: set task.${key} or optimizer.${key}`);
    const name = `${owners[0] === task ? "task" : "optimizer"}.${key}`;
    const before = seen.get(name);
    if (before !== undefined) throw new UsageError(`${key} is set twice: to ${before} and to ${text}`);
    seen.set(name, text);
  }
}

function unknownKey(scope: Pair["scope"], key: string, task: Owner, optimizer: Owner): UsageError {
  const owners = scope === null ? [task, optimizer] : [scope === "task" ? task : optimizer];
  const each = owners.map(({ id, options }) => `of ${id}: ${Object.keys(options).join(", ") || "none"}`).join("; ");
  const elsewhere = owners.flatMap((owner) => owner.choicesWith?.(key) ?? []);
  if (elsewhere.length > 0) return new UsageError(`no option "${key}" here; there is one with ${elsewhere.join(" or ")} (options ${each})`);
  const known = owners.flatMap(({ options }) => Object.keys(options));
  const meant = nearest(key.slice(key.lastIndexOf(".") + 1), known);
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return new UsageError(`no option "${key}"${hint} (options ${each})`);
}

/** Values for all options: given as text, or taken from `base` where it has them, or the defaults. */
function values(owner: string, options: Hyperparameters, given: Readonly<Record<string, string>>, base: Values = {}): Values {
  const inherited = Object.entries(base).filter(([key]) => Object.hasOwn(options, key));
  const set = Object.entries(given).map(([key, text]) => [key, parseValue(owner, key, options[key] as Hyperparameter, text)]);
  return asUsage(ArgumentError, () => complete(owner, options, Object.fromEntries([...inherited, ...set])));
}

function parseValue(owner: string, key: string, { domain }: Hyperparameter, text: string): number | string {
  if (domain.kind === "choice") {
    checkChoice(owner, key, domain, text);
    return text;
  }
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new UsageError(`${owner}: ${key} must be ${describeDomain(domain)}, got "${text}"`);
  return value;
}

function checkChoice(owner: string, key: string, domain: Domain | undefined, given: unknown): void {
  if (domain?.kind !== "choice" || typeof given !== "string" || domain.choices.includes(given)) return;
  throw unknownName(`${key} of ${owner} called`, given, domain.choices);
}
