import { beginFolder } from "../../run/beginFolder.ts";
import type { RunConfiguration } from "../../run/configuration.ts";
import { execute, startOf } from "../../run/execute.ts";
import { resumeFolder } from "../../run/resumeFolder.ts";
import type { Simulation } from "../../run/simulate.ts";
import type { Summary } from "../../run/tally.ts";
import type { EvaluationProgress } from "../../tasks/task.ts";
import { FailureError } from "../errors.ts";
import type { Io } from "../io.ts";
import { createProgress } from "../progress.ts";
import { shellQuoted } from "../shellQuoted.ts";
import { DRAWS, type RunOptions } from "./runOptions.ts";

/**
 * The run from where it stands to its end, with progress on stderr and its folder, if it has one.
 * @throws FailureError if a signal interrupts it, saying how to go on.
 */
export async function carryOut(io: Io, configuration: RunConfiguration, simulation: Simulation, options: RunOptions): Promise<Summary> {
  const { task, optimizer, steps } = configuration;
  const { folder, from } = openRun(io, configuration, simulation, options);
  const progress = createProgress(io.stderr, {
    label: `${optimizer} on ${task}`,
    total: steps,
    unit: "steps",
    from: from.tally.evaluations,
    quiet: options.json ?? false,
  });
  let signal: string | null = null;
  const stopListening = io.onInterrupt((name) => {
    signal = name;
  });
  let done = from.tally.evaluations;
  const onProgress = (evaluations: number): void => {
    done = evaluations;
    progress.update(evaluations);
  };
  const { judgedBy: sampling = { draws: DRAWS } } = configuration;
  const onEvaluation = ({ done: examples, total }: EvaluationProgress): void =>
    progress.update(done, `judged by ${examples} of ${total} examples`);
  try {
    const isInterrupted = (): boolean => signal !== null;
    const summary = await execute({ configuration, simulation, from, folder, sampling, onProgress, onEvaluation, isInterrupted });
    if (summary) return summary;
  } finally {
    stopListening();
    progress.stop();
    folder?.close();
  }
  const how = folder
    ? `go on with: lodo run ${task} --optimizer ${optimizer} --out ${shellQuoted(folder.path)} --resume`
    : "nothing is kept without --out";
  throw new FailureError(`interrupted by ${signal} after ${done} of ${steps} steps; ${how}`);
}

function openRun(
  io: Io,
  configuration: RunConfiguration,
  simulation: Simulation,
  { out, resume }: RunOptions,
): Pick<Parameters<typeof execute>[0], "folder" | "from"> {
  const start = startOf(simulation);
  if (out === undefined) return { folder: null, from: start };
  if (!resume) return { folder: beginFolder(out, configuration, simulation, start), from: start };
  const { folder, checkpoint, elsewhere } = resumeFolder(out, configuration, simulation, start);
  if (elsewhere) {
    const { node, platform, arch, lodo } = elsewhere;
    io.stderr.write(`note: this run began elsewhere (lodo ${lodo}, node ${node}, ${platform} ${arch}); its last bits may differ here\n`);
  }
  return { folder, from: checkpoint };
}
