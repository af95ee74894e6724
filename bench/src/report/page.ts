import type { Row } from "../contest.ts";
import { type Machine, machineLine } from "./machine.ts";
import { duration, escaped, markdownTables } from "./table.ts";

/** What one call of the bench has measured. */
export interface Measurements {
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

const BEGIN = "<!-- tables -->";
const END = "<!-- end of tables -->";

/** Ours against the fastest of the peers, a line for each workload that has one. */
function standings(rows: readonly Row[]): string {
  const workloads = [...new Set(rows.map(({ workload }) => workload))];
  const lines = workloads.flatMap((workload) => {
    const timed = rows.filter((row) => row.workload === workload && row.seconds);
    const ours = timed.find(({ peer }) => !peer);
    const peers = timed.filter(({ peer }) => peer).sort((a, b) => (a.ratio ?? 0) - (b.ratio ?? 0));
    const [best] = peers;
    if (!ours?.seconds || !best?.seconds) return [];
    const cells = [workload, duration(ours.seconds.median), best.contender, duration(best.seconds.median), (best.ratio ?? 0).toFixed(2)];
    return [`| ${cells.map(escaped).join(" | ")} |`];
  });
  return ["| workload | ours | fastest peer | its time | its time ÷ ours |", "| --- | ---: | --- | ---: | ---: |", ...lines].join("\n");
}

/** Everything that is generated of a page. */
export function markdown({ machine, rows }: Measurements): string {
  return `${machineLine(machine)}\n\n### Standings\n\n${standings(rows)}\n\n### Everyone\n\n${markdownTables(rows)}`;
}

/** The page with its tables replaced. @throws Error unless it has the two marks that they stand between. */
export function withTables(page: string, measurements: Measurements): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page must have ${BEGIN} and, after it, ${END}`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${markdown(measurements)}\n\n${page.slice(end)}`;
}
