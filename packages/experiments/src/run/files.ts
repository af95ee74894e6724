import { join } from "node:path";
import { attempt, json } from "../files.ts";
import type { Metric } from "../tasks/task.ts";
import { type Checkpoint, encodeCheckpoint } from "./checkpoint.ts";
import type { RunConfiguration } from "./configuration.ts";
import { writeDurably } from "./durable.ts";
import { RunFolderError } from "./errors.ts";
import { fileNames } from "./folder.ts";
import { openLines } from "./lines.ts";
import type { Simulation } from "./simulate.ts";
import type { Summary } from "./tally.ts";
import { openTimings, type Session } from "./timings.ts";

/** An evaluation on record. */
export interface RunRecord {
  readonly evaluation: number;
  /** null if it is not finite. */
  readonly loss: number | null;
}

/** What x came to after so many evaluations of the loss, by examples that it was not trained on. */
export interface JudgedRecord {
  readonly evaluation: number;
  readonly metrics: readonly Metric[];
}

/** Lengths that a checkpoint counts, in bytes. */
export type Lengths = Pick<Checkpoint, "recordBytes" | "judgementBytes">;

/** A run's files, being written. Whatever is written stands in an order such that the run can be taken up again wherever it is cut off. */
export interface RunFolder {
  readonly path: string;
  record(record: RunRecord): void;
  judged(record: JudgedRecord): void;
  readonly lengths: Lengths;
  /** Puts the records on the disk, then the checkpoint, which knows how long they were. */
  checkpoint(checkpoint: Checkpoint): void;
  session(session: Session): void;
  finish(summary: Summary): void;
  /** Lets go of the folder: another process may go on. */
  close(): void;
}

/** The files of a folder that is locked, each to go on where it ends. */
export function openFiles(path: string, configuration: RunConfiguration, simulation: Simulation, release: () => void): RunFolder {
  const at = (name: keyof typeof fileNames): string => join(path, fileNames[name]);
  const [records, judgements] = [openLines(at("records")), openLines(at("judgements"))];
  return {
    path,
    record: (record) => records.add(record),
    judged: (record) => judgements.add(record),
    get lengths() {
      return { recordBytes: records.bytes, judgementBytes: judgements.bytes };
    },
    checkpoint(checkpoint) {
      records.sync();
      judgements.sync();
      attempt(RunFolderError, at("checkpoint"), "write", () =>
        writeDurably(at("checkpoint"), encodeCheckpoint(configuration, simulation, checkpoint)),
      );
    },
    session: openTimings(at("timings")),
    finish(summary) {
      judgements.sync();
      attempt(RunFolderError, at("summary"), "write", () => writeDurably(at("summary"), json(summary)));
    },
    close() {
      records.close();
      judgements.close();
      release();
    },
  };
}
