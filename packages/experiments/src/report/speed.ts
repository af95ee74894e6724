import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { fileNames } from "../run/folder.ts";
import { readShaped } from "./folder.ts";
import { formatCount } from "./format.ts";
import { type Html, html } from "./html.ts";

const timings = z.object({ seconds: z.number(), evaluationsPerSecond: z.number().nullable() });

/** How fast the run in a folder went, by the clock of those who computed it; null where nobody knows. */
export function speedLine(path: string): Html | null {
  const file = join(path, fileNames.timings);
  if (!existsSync(file)) return null;
  const { seconds, evaluationsPerSecond } = readShaped(file, timings);
  return evaluationsPerSecond === null
    ? null
    : html`<p>${evaluationsPerSecond.toPrecision(3)} steps a second, ${formatCount(Math.round(seconds))} s in all, without the time in which x was judged.</p>`;
}
