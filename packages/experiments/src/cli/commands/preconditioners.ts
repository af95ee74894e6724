import { Command } from "commander";
import { describeChoice } from "../../backends/choice.ts";
import { onBackend } from "../../backends/onBackend.ts";
import {
  type ComparedPreconditioner,
  comparePreconditioners,
  comparisonValues,
  comparisonWork,
} from "../../experiments/preconditionerComparison.ts";
import { formatCount } from "../../report/format.ts";
import { integerOf } from "../arguments.ts";
import { type BackendFlags, backendOptions, openAsked } from "../backendOptions.ts";
import { describeRate } from "../duration.ts";
import { interruptible } from "../interruptible.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";

interface PreconditionersOptions extends BackendFlags {
  readonly n: number;
  readonly steps: number;
  readonly seed: number;
  readonly workers?: number;
  readonly json?: boolean;
}

const help = `
Every architecture at its default sizes: what it holds and what one application takes, the layers after which every input has reached every output,
and LODO with it on the noisy quadratic bowl: steps per second, mean loss over the last tenth of the steps, and the inverse-Hessian error
‖I − G H‖ / √n (Frobenius) at the end. α₀, β and the meta-learning rate are those of Table 6 for all. Speeds differ from run to run, the rest
depends on n, steps and seed alone. Use --workers 1 to compare speeds.

Examples:
  lodo preconditioners
  lodo preconditioners --n 20 --steps 1000 --json`;

/** `lodo preconditioners`: every architecture beside the others. */
export function preconditionersCommand(io: Io): Command {
  const command = new Command("preconditioners")
    .description("compare all preconditioner architectures")
    .option("--n <n>", "dimensions of the bowl", integerOf(1), 100)
    .option("--steps <n>", "evaluations of the loss, at least 20", integerOf(20), 10_000)
    .option("--seed <n>", "of everything random", integerOf(Number.MIN_SAFE_INTEGER), 0)
    .option("--workers <n>", "threads (default: one for each processor)", integerOf(1))
    .option("--json", "one JSON document on stdout, and no progress")
    .addHelpText("after", help);
  for (const option of backendOptions()) command.addOption(option);
  return command.action((options: PreconditionersOptions) => run(io, options));
}

async function run(io: Io, { n, json = false, backend: name, fastMath, ...options }: PreconditionersOptions): Promise<void> {
  const { choice, backend } = await openAsked(io, { ...(name ? { backend: name } : {}), ...(fastMath ? { fastMath } : {}) });
  const progress = createProgress(io.stderr, { label: "preconditioners", total: comparisonWork(options), unit: "steps", quiet: json });
  const onProgress = (evaluations: number): void => progress.update(evaluations);
  const rows = await onBackend(backend, () =>
    interruptible(io, progress, (signal) => comparePreconditioners({ ...options, dim: n, backend: choice, onProgress, signal })),
  );
  if (json) writeJson(io, rows);
  else io.stdout.write(table(rows, n, { ...options, computedBy: describeChoice(choice) }));
}

const number = (value: number | null): string => (value === null ? "–" : value.toPrecision(4));

function table(
  rows: readonly ComparedPreconditioner[],
  n: number,
  { steps, seed, computedBy }: Pick<PreconditionersOptions, "steps" | "seed"> & { readonly computedBy: string },
): string {
  const head = ["", "parameters", "multiply-adds", "bytes", "layers to mix", "steps/s", "loss", "error"];
  const cells = rows.map((row) => [
    row.id,
    formatCount(row.parameters),
    formatCount(row.multiplyAdds),
    formatCount(row.bytes),
    row.layersToMix === null ? "–" : `${row.layersToMix}`,
    describeRate(row.stepsPerSecond),
    row.divergedAt === null ? number(row.loss) : `diverged at ${row.divergedAt}`,
    number(row.inverseHessianError),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] as string).length)));
  const align = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number))).join("  ");
  const values = Object.entries(comparisonValues).map(([key, value]) => `${key} = ${value}`);
  const notes = [
    `n = ${n}, ${formatCount(steps)} steps, seed ${seed}; ${values.join(", ")} (Table 6) for all.`,
    "loss: mean over 0.9 T < i < T; error: ‖I − G H‖ / √n (Frobenius) after the last step; layers to mix: – where some input never reaches some output.",
    `Computed by ${computedBy}.`,
  ];
  return `${[...[head, ...cells].map(align), "", ...notes].join("\n")}\n`;
}
