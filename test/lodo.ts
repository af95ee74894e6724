import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { inject } from "vitest";
import type { Io } from "../packages/experiments/src/cli/io.ts";
import { main } from "../packages/experiments/src/cli/main.ts";

/** What a command came to. */
export interface Outcome {
  /** Exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command line in a process of its own, and what will have come of it. */
export function start(...args: readonly string[]): { readonly process: ChildProcess; readonly outcome: Promise<Outcome> } {
  const failure = inject("buildFailure");
  if (failure !== null) throw new Error(failure);
  const child = spawn(process.execPath, [resolve("packages/experiments/bin/lodo.js"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const outcome = new Promise<Outcome>((settle, fail) => {
    child.on("error", fail);
    child.on("close", (code, signal) => settle({ code, signal, stdout, stderr }));
  });
  return { process: child, outcome };
}

export const lodo = (...args: readonly string[]): Promise<Outcome> => start(...args).outcome;

/** The same command line in this process. `interrupt` sends a signal as soon as the command listens. */
export async function lodoHere(args: readonly string[], { interrupt = false }: { readonly interrupt?: boolean } = {}): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const io: Io = {
    stdout: {
      write: (text) => {
        stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
    },
    onInterrupt: (stop) => {
      if (interrupt) stop("SIGINT");
      return () => {};
    },
  };
  return { code: await main(args, io), signal: null, stdout, stderr };
}
