import { contest, type Row } from "./contest.ts";
import { machine, machineLine } from "./report/machine.ts";
import { markdownTables, textTable } from "./report/table.ts";
import type { Pace } from "./timing.ts";
import { entries } from "./workloads/index.ts";

const USAGE = `npm run bench [-- FILTER …] [-- --json | --markdown] [-- --quick | --processor] [-- --list]
Times the workloads whose name contains every FILTER, ours and the peers' in turns in one process, after checking that all compute the same.
The last column is a contender's time over ours: above 1, ours is faster.
  --json      everything measured, as JSON
  --markdown  the tables of docs/performance.md
  --quick     tiny sizes, once: does everyone agree? No time is taken
  --processor time that the process had a processor, in place of time that passed: for a busy machine
  --list      the names of the workloads`;

const FLAGS = ["--json", "--markdown", "--quick", "--processor", "--list", "--help"];

const args = process.argv.slice(2);
const has = (flag: string): boolean => args.includes(flag);
const pace: Pace = { rounds: 5, secondsPerRound: 0.2, clock: has("--processor") ? "processor" : "wall" };
const filters = args.filter((arg) => !arg.startsWith("--"));
const chosen = entries.filter(({ name }) => filters.every((filter) => name.includes(filter)));
const unknown = args.find((arg) => arg.startsWith("--") && !FLAGS.includes(arg));

if (unknown !== undefined) fail(`no option ${unknown}; there are ${FLAGS.join(", ")}`);
else if (has("--help")) console.log(USAGE);
else if (has("--list")) console.log(entries.map(({ name }) => name).join("\n"));
else if (chosen.length === 0) fail(`no workload contains ${filters.join(" and ")}; npm run bench -- --list names them`);
else await measure();

function fail(message: string): void {
  console.error(`bench: ${message}`);
  process.exitCode = 2;
}

async function measure(): Promise<void> {
  const all: Row[] = [];
  for (const { name, open } of chosen) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name} …`);
    all.push(...(await contest(await open(has("--quick") ? "quick" : "full"), has("--quick") ? null : pace)));
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const here = machine(pace.clock);
  if (has("--json")) console.log(JSON.stringify({ machine: here, rows: all }, null, 2));
  else if (has("--markdown")) console.log(`${machineLine(here)}\n\n${markdownTables(all)}`);
  else console.log(`${machineLine(here)}\n${textTable(all)}`);
  if (all.some(({ wrong }) => wrong)) process.exitCode = 1;
}
