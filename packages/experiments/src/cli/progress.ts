import { Presets, SingleBar } from "cli-progress";
import { describeRate, describeSeconds } from "./duration.ts";
import type { Sink } from "./io.ts";

/** How far some long work has come. */
export interface Progress {
  /** Units of work done, of the total; `note` says what is being done now. `earlier`, `from` unless told, do not count towards the rate. */
  update(done: number, note?: string, earlier?: number): void;
  /** A line that stays. */
  log(line: string): void;
  /** Call once, at the end, whether the work succeeded or not. */
  stop(): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  /** What is counted: "steps". */
  readonly unit: string;
  /** Done before this process began, as far as is known when it does: it counts as done and not towards the rate. */
  readonly from?: number;
  /** Says nothing at all. */
  readonly quiet?: boolean;
  /** Seconds between lines where there is no terminal. */
  readonly interval?: number;
  /** Seconds, from any origin. */
  readonly clock?: () => number;
}

const seconds = (): number => performance.now() / 1000;

const silent: Progress = { update: () => {}, log: () => {}, stop: () => {} };

/** A bar with its rate and the time remaining on a terminal, plain lines at intervals elsewhere, nothing when quiet. */
export function createProgress(sink: Sink, options: ProgressOptions): Progress {
  if (options.quiet) return silent;
  return sink.isTTY ? bar(sink, options) : lines(sink, options);
}

/** Rate and time remaining, as text, from what was done since the start. */
function pace(
  clock: () => number,
  from: number,
  total: number,
): (done: number, earlier?: number) => { readonly rate: string; readonly left: string } {
  const start = clock();
  return (done, earlier = from) => {
    const rate = (done - earlier) / (clock() - start);
    return rate > 0 && Number.isFinite(rate)
      ? { rate: describeRate(rate), left: describeSeconds((total - done) / rate) }
      : { rate: "–", left: "unknown" };
  };
}

function bar(sink: Sink, { label, total, unit, from = 0, clock = seconds }: ProgressOptions): Progress {
  const at = pace(clock, from, total);
  const drawn = new SingleBar(
    {
      format: `${label} {bar} {percentage}% · {value}/{total} ${unit} · {rate} ${unit}/s · {left} left {note}`,
      stream: sink as NodeJS.WritableStream,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  drawn.start(total, from, { ...at(from), note: "" });
  return {
    update: (done, note = "", earlier) => drawn.update(done, { ...at(done, earlier), note }),
    log(line) {
      sink.write(`\r\u001b[K${line}\n`);
    },
    stop: () => drawn.stop(),
  };
}

function lines(sink: Sink, { label, total, unit, from = 0, interval = 5, clock = seconds }: ProgressOptions): Progress {
  const at = pace(clock, from, total);
  let next = clock() + interval;
  return {
    update(done, note, earlier) {
      if (clock() < next) return;
      next = clock() + interval;
      const { rate, left } = at(done, earlier);
      sink.write(`${label}: ${done}/${total} ${unit}, ${rate} ${unit}/s, ${left} left${note ? `, ${note}` : ""}\n`);
    },
    log(line) {
      sink.write(`${line}\n`);
    },
    stop() {},
  };
}
