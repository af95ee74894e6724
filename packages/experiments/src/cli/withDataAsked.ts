import { withDataFrom } from "../tasks/dataSource.ts";
import type { Io } from "./io.ts";

/** What `work` comes to with tasks finding their data where --data says, and nowhere else. Files that are not as published are told on stderr. */
export function withDataAsked<T>(io: Io, { data: folder }: { readonly data?: string }, work: () => Promise<T>): Promise<T> {
  const warn = (line: string): void => void io.stderr.write(`note: ${line}\n`);
  return withDataFrom(folder === undefined ? { warn } : { folder, warn }, work);
}
