import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import type { start } from "./lodo.ts";

export interface Killing {
  /** Where the command works; emptied before each attempt. */
  readonly folder: string;
  readonly begin: () => ReturnType<typeof start>;
  /** Waits for the moment at which the process is killed. From attempt to attempt `share` falls from 1, for moments that come the earlier. */
  readonly moment: (process: ChildProcess, share: number) => Promise<void>;
  /** Does what it left show that it was killed in the middle? */
  readonly cutOff: () => boolean;
}

/**
 * Kills a command with SIGKILL in the middle of its work. Where it was quicker, or the wait slower, it begins anew and is killed earlier.
 * @throws if it fails, or is through with its work before every kill.
 */
export async function killed({ folder, begin, moment, cutOff }: Killing): Promise<void> {
  const attempts = 6;
  for (let attempt = 0; attempt < attempts; attempt++) {
    rmSync(folder, { recursive: true, force: true });
    const { process, outcome } = begin();
    await moment(process, 2 ** -attempt);
    process.kill("SIGKILL");
    const { code, signal, stderr } = await outcome;
    if (signal === "SIGKILL" && cutOff()) return;
    if (signal === null && code !== 0) throw new Error(`a command that was to be killed failed: ${stderr}`);
  }
  throw new Error(`expected a process that works in ${folder} to be killed in the middle of it, could not in ${attempts} attempts`);
}
