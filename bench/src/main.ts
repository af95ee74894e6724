import { readFileSync, writeFileSync } from "node:fs";
import { contest, type Row } from "./contest.ts";
import { machine, machineLine } from "./report/machine.ts";
import { type Measurements, markdown, withTables } from "./report/page.ts";
import { textTable } from "./report/table.ts";
import type { Pace } from "./timing.ts";
import { entries } from "./workloads/index.ts";

const USAGE = `npm run bench [-- FILTER …] [-- OPTION …]
Times the workloads whose name contains every FILTER, ours and the peers' in turns in one process, after checking that all compute the same.
The last column is a contender's time over ours: above 1, ours is faster.
  --json          everything measured, as JSON
  --markdown      the tables of docs/performance.md
  --page=FILE     puts those tables into FILE, between their marks
  --from=FILE     tells what an earlier --json measured, instead of measuring
  --quick         tiny sizes, once: does everyone agree? No time is taken
  --processor     time that the process had a processor, in place of time that passed: for a busy machine
  --list          the names of the workloads`;

const FLAGS = ["--json", "--markdown", "--page", "--from", "--quick", "--processor", "--list", "--help"];

const args = process.argv.slice(2);
const has = (flag: string): boolean => args.includes(flag);
const given = (flag: string): string | undefined => args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1);
const filters = args.filter((arg) => !arg.startsWith("--"));
const chosen = entries.filter(({ name }) => filters.every((filter) => name.includes(filter)));
const unknown = args.find((arg) => arg.startsWith("--") && !FLAGS.includes(arg.split("=", 1)[0] as string));
const pace: Pace = { rounds: 5, secondsPerRound: 0.2, clock: has("--processor") ? "processor" : "wall" };

if (unknown !== undefined) fail(`no option ${unknown}; there are ${FLAGS.join(", ")}`);
else if (has("--help")) console.log(USAGE);
else if (has("--list")) console.log(entries.map(({ name }) => name).join("\n"));
else if (chosen.length === 0) fail(`no workload contains ${filters.join(" and ")}; npm run bench -- --list names them`);
else tell(await measured());

function fail(message: string): void {
  console.error(`bench: ${message}`);
  process.exitCode = 2;
}

async function measured(): Promise<Measurements> {
  const earlier = given("--from");
  if (earlier !== undefined) return JSON.parse(readFileSync(earlier, "utf8")) as Measurements;
  const rows: Row[] = [];
  for (const [i, { name, open }] of chosen.entries()) {
    progress(`${i + 1}/${chosen.length} ${name}`);
    rows.push(...(await contest(await open(has("--quick") ? "quick" : "full"), has("--quick") ? null : pace)));
  }
  progress("");
  return { machine: machine(pace.clock), rows };
}

/** One line that changes on a terminal, lines elsewhere. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else if (line !== "") process.stderr.write(`${line}\n`);
}

function tell(measurements: Measurements): void {
  const page = given("--page");
  if (page !== undefined) writeFileSync(page, withTables(readFileSync(page, "utf8"), measurements));
  else if (has("--json")) console.log(JSON.stringify(measurements, null, 2));
  else if (has("--markdown")) console.log(markdown(measurements));
  else console.log(`${machineLine(measurements.machine)}\n${textTable(measurements.rows)}`);
  if (measurements.rows.some(({ wrong }) => wrong)) process.exitCode = 1;
}
