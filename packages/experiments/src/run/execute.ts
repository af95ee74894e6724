import { type Arena, createArena } from "@lodo/tensor";
import { advance, isRefused } from "../simulation.ts";
import { discard } from "../withArena.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { RunConfiguration } from "./configuration.ts";
import type { RunFolder } from "./files.ts";
import { isDue, type Judging, judge } from "./judging.ts";
import type { Simulation } from "./simulate.ts";
import { emptyTally, finished, observe, type Summary, summarise, type Tally } from "./tally.ts";

export interface Execution extends Judging {
  readonly configuration: RunConfiguration;
  /** Where to go on from; its tensors are consumed. */
  readonly from: Checkpoint;
  /** Where to write; nowhere if null. */
  readonly folder: RunFolder | null;
  /** Told now and then how many evaluations are done. */
  readonly onProgress?: (evaluations: number) => void;
}

/** The checkpoint before the first step. */
export const startOf = ({ start }: Simulation): Checkpoint => ({
  snapshot: start,
  tally: emptyTally,
  judgedAt: 0,
  recordBytes: 0,
  judgementBytes: 0,
});

/** Seconds between two looks at the outside world: progress, signals. */
const BREATH = 0.05;
/** Seconds after which a checkpoint is due, however few evaluations there have been: some take a second to write. */
export const PATIENCE = 30;

const clock = (): number => performance.now() / 1000;

/**
 * Runs to the end, to divergence, or until interrupted; a last checkpoint stands there. The bits of the result depend on the configuration alone,
 * and not on when checkpoints were written, x was judged or the run was taken up again.
 * @returns the summary, or null if it was interrupted.
 */
export async function execute(execution: Execution): Promise<Summary | null> {
  const arena = createArena();
  try {
    return await executeIn(arena, execution);
  } finally {
    arena.close();
  }
}

async function executeIn(arena: Arena, execution: Execution): Promise<Summary | null> {
  const { configuration, simulation, from, folder, onProgress = () => {}, isInterrupted = () => false } = execution;
  const { steps: T, checkpointEvery = Number.POSITIVE_INFINITY } = configuration;
  const began = clock();
  let state = from;
  let saved = { evaluations: from.tally.evaluations, at: began };
  let breath = began;
  /** Seconds that were no part of the run's. */
  let offTheClock = 0;

  const save = (): void => {
    if (!folder) return;
    folder.checkpoint({ ...state, ...folder.lengths });
    saved = { evaluations: state.tally.evaluations, at: clock() };
    folder.session({ from: from.tally.evaluations, to: saved.evaluations, seconds: saved.at - began - offTheClock });
  };
  const judged = async (): ReturnType<typeof judge> => {
    const before = clock();
    const metrics = await judge(state, execution);
    offTheClock += clock() - before;
    if (metrics === "interrupted") return metrics;
    const { evaluations } = state.tally;
    if (configuration.evaluateEvery !== undefined) folder?.judged({ evaluation: evaluations, metrics });
    state = { ...state, judgedAt: evaluations };
    return metrics;
  };

  while (!finished(state.tally, T)) {
    if (isDue(state, configuration) && (await judged()) === "interrupted") {
      save();
      return null;
    }
    state = step(state, configuration, simulation, folder, arena);
    const done = state.tally.evaluations;
    const now = clock();
    if (done - saved.evaluations >= checkpointEvery || now - saved.at >= PATIENCE) save();
    if (now - breath < BREATH) continue;
    breath = now;
    onProgress(done);
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (isInterrupted() && !finished(state.tally, T)) {
      save();
      return null;
    }
  }
  onProgress(state.tally.evaluations);
  if (state.tally.evaluations > saved.evaluations) save();
  const metrics = state.tally.diverged === null ? await judged() : [];
  if (metrics === "interrupted") return null;
  const summary = summarise(configuration, state.tally, metrics.length > 0 ? metrics : null);
  folder?.finish(summary);
  discard(arena, state.snapshot);
  return summary;
}

/** One step, and its evaluations up to T tallied and recorded. */
function step(
  { snapshot, tally, ...rest }: Checkpoint,
  { steps: T, recordEvery }: RunConfiguration,
  { task, optimizer }: Simulation,
  folder: RunFolder | null,
  arena: Arena,
): Checkpoint {
  const next = advance(task, optimizer, snapshot, arena);
  let after: Tally = tally;
  for (const [k, loss] of next.losses.entries()) {
    if (finished(after, T)) break;
    after = observe(after, loss, T, { refused: isRefused(next, k) });
    const i = after.evaluations;
    if (i === 1 || i === T || i % recordEvery === 0 || after.diverged !== null) {
      folder?.record({ evaluation: i, loss: Number.isFinite(loss) ? loss : null });
    }
  }
  if (next.stop && !finished(after, T)) after = { ...after, stopped: next.stop };
  else if (next.stop || after.evaluations - tally.evaluations < next.losses.length) after = { ...after, cut: true };
  return { ...rest, snapshot: next.snapshot, tally: after };
}
