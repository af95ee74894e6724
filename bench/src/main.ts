import { contest, type Timing, type Workload } from "./contest.ts";
import { gradientWorkload } from "./workloads/autodiff.ts";
import { bowlWorkload } from "./workloads/bowl.ts";
import { matmulWorkload } from "./workloads/matmul.ts";

const USAGE = `npm run bench [-- FILTER] [-- --json]
Times the workloads whose name contains FILTER, ours and the peers' in turns in one process. A ratio above 1 says how much slower than ours.`;

const workloads: readonly (() => Workload)[] = [
  () => bowlWorkload(["lodo", "adam", "momentum", "rmsprop", "yogi", "newton"]),
  gradientWorkload,
  ...[64, 128, 256].map((n) => () => matmulWorkload(n)),
];

const args = process.argv.slice(2);
if (args.includes("--help")) {
  console.log(USAGE);
} else {
  const json = args.includes("--json");
  const filter = args.find((arg) => !arg.startsWith("--")) ?? "";
  const chosen = workloads.map((make) => make()).filter(({ name }) => name.includes(filter));
  if (chosen.length === 0) {
    console.error(`bench: no workload contains "${filter}"; there are ${workloads.map((make) => make().name).join(", ")}`);
    process.exitCode = 2;
  } else {
    const timings = chosen.flatMap((workload) => contest(workload, { rounds: 7, secondsPerRound: 0.3 }));
    console.log(json ? JSON.stringify(timings, null, 2) : table(timings));
  }
}

function table(timings: readonly Timing[]): string {
  const rows = timings.map((t) => [
    t.workload,
    t.contender,
    `${t.rate.toPrecision(3)} ${t.unit}`,
    `${(t.median * 1e3).toPrecision(3)} ms [${(t.min * 1e3).toPrecision(3)}, ${(t.max * 1e3).toPrecision(3)}]`,
    t.ratio.toFixed(2),
  ]);
  const all = [["workload", "contender", "rate", "median [min, max]", "time / ours"], ...rows];
  const widths = (all[0] as string[]).map((_, i) => Math.max(...all.map((row) => (row[i] as string).length)));
  return all.map((row) => row.map((cell, i) => cell.padEnd(widths[i] as number)).join("  ")).join("\n");
}
