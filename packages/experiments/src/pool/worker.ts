import type { BackendChoice } from "../backends/choice.ts";
import { backendOfThread } from "../backends/ofThread.ts";
import { onBackend } from "../backends/onBackend.ts";
import { dataExperiments, experiments } from "../experiments/index.ts";
import { type DataSource, withDataFrom } from "../tasks/dataSource.ts";
import { tuneTrials } from "../tune/trials.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { type Assignment, type Outcome, runAssignment } from "./jobs.ts";
import { count, type WorkCounter } from "./threads.ts";

/** What a worker thread is sent: a job, what is to compute it, and where it counts the evaluations it has done. */
export interface WorkerTask {
  readonly assignment: Assignment;
  readonly backend: BackendChoice;
  readonly evaluations: WorkCounter;
  /** Bytes of memory of what computes, where it has such. */
  readonly memory?: number;
  /** The folder for the task's data, and no other. */
  readonly data?: string;
  /** Where the job keeps what it has come to. */
  readonly checkpoints?: Checkpoints;
}

/** What is wrong with files has been said by who sent the task. */
const silent: DataSource = { warn: () => {} };

/** The last: who has read data from a source has it ready for the same. */
let source = silent;

function sourceIn(folder: string | undefined): DataSource {
  if (source.folder !== folder) source = folder === undefined ? silent : { ...silent, folder };
  return source;
}

/** Runs in a worker thread. */
export const work = async ({ assignment, backend, evaluations, memory, data, checkpoints }: WorkerTask): Promise<Outcome> =>
  onBackend(await backendOfThread(backend, memory), () =>
    withDataFrom(sourceIn(data), async () =>
      runAssignment(
        assignment,
        [...experiments, ...dataExperiments, tuneTrials],
        (done, earlier) => count(evaluations, done, earlier),
        checkpoints,
      ),
    ),
  );
