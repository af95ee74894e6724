import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { attempt, json } from "../files.ts";
import { partialName } from "./durable.ts";
import { RunFolderError } from "./errors.ts";

/** One process's share of a run. */
export interface Session {
  /** Evaluations done before it and at its last checkpoint. */
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

/** How long the sessions in a file lasted, with one more, written in its place whenever that one has got further. */
export function openTimings(file: string): (session: Session) => void {
  const earlier = readSessions(file);
  return (session) =>
    attempt(RunFolderError, file, "write", () => {
      const sessions = [...earlier, session];
      const seconds = sessions.reduce((sum, each) => sum + each.seconds, 0);
      writeFileSync(partialName(file), json({ seconds, evaluationsPerSecond: rate(sessions), sessions }));
      renameSync(partialName(file), file);
    });
}

function rate(sessions: readonly Session[]): number | null {
  const [done, seconds] = sessions.reduce(([n, s], { from, to, seconds }) => [n + to - from, s + seconds], [0, 0]);
  return seconds > 0 ? done / seconds : null;
}

/** Timings are no result: where they are lost, they begin anew. */
function readSessions(file: string): readonly Session[] {
  try {
    const { sessions } = JSON.parse(readFileSync(file, "utf8")) as { readonly sessions: readonly Session[] };
    return Array.isArray(sessions) ? sessions.filter(({ from, to, seconds }) => [from, to, seconds].every(Number.isFinite)) : [];
  } catch {
    return [];
  }
}
