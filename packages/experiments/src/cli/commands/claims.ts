import { Command, Option } from "commander";
import type { BackendChoice } from "../../backends/choice.ts";
import type { Claim } from "../../claims/claim.ts";
import { claims } from "../../claims/index.ts";
import { checkClaims } from "../../claims/ledger/checkClaims.ts";
import { claimsPage } from "../../claims/ledger/claimsPage.ts";
import { type LedgerEntry, ledgerJson } from "../../claims/ledger/ledger.ts";
import { counterexamples, ledgerText } from "../../claims/ledger/ledgerText.ts";
import { integerOf } from "../arguments.ts";
import { type BackendFlags, backendOptions, openAsked } from "../backendOptions.ts";
import { UsageError } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { type Io, writeJson } from "../io.ts";
import { createProgress } from "../progress.ts";
import { byId, unknownName } from "../suggest.ts";

interface ClaimsOptions extends BackendFlags {
  readonly runs?: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly wrong?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

const help = `
A margin is 1 at best, 0 at the edge and negative where a statement fails. Case i is drawn from seed + i, so that --seed S --runs 1 draws the case of
seed S again. A claim that fails is shrunk to its smallest case and printed. That is a result: it exits with 0, and says "Refuted here" or, as
JSON, "refuted": true, with the smallest case on stderr. Margins that are not finite are strings there: "-Infinity". Results do not depend on the
workers.

Examples:
  lodo claims                          every claim, at the test suite's budget
  lodo claims psd start --runs 10000
  lodo claims psd --seed 7 --runs 1    one case again
  lodo claims psd --wrong "a sign: −α₀"`;

/** `lodo claims`: the paper's statements, checked as strictly as one likes. */
export function claimsCommand(io: Io): Command {
  const command = new Command("claims")
    .description("check the paper's claims")
    .argument("[id...]", "claims, by the ids that lodo list tells (default: all)")
    .option("--runs <n>", "cases of each claim (default: as the test suite draws)", integerOf(1))
    .option("--seed <n>", "of the first case (default: 1)", integerOf(Number.MIN_SAFE_INTEGER))
    .option("--workers <n>", "threads (default: one for each processor)", integerOf(1))
    .option("--wrong <variant>", "in place of what one claim is about, a variant that is wrong on purpose; an unknown name lists them")
    .option("--json", "one JSON document on stdout, and no progress")
    .addOption(new Option("--markdown", "the documentation's page of claims on stdout").conflicts(["json", "wrong"]))
    .addHelpText("after", help);
  // The claims are about what kernels are to compute, which the reference says.
  for (const option of backendOptions("reference")) command.addOption(option);
  return command.action((ids: readonly string[], options: ClaimsOptions) => run(io, ids, options));
}

async function run(
  io: Io,
  ids: readonly string[],
  { json = false, markdown = false, backend, fastMath, ...options }: ClaimsOptions,
): Promise<void> {
  const named = ids.length === 0 ? claims : [...new Set(ids)].map((id) => byId("claim", id, claims));
  const { wrong } = options;
  const asked = wrong === undefined ? named : [variantOf(named, wrong)];
  const flags: BackendFlags = { ...(backend ? { backend } : {}), ...(fastMath ? { fastMath } : {}) };
  const { choice } = await openAsked(io, { ...flags, otherwise: "reference" });
  const ledger = await carryOut(io, asked, { ...options, choice }, json);
  if (json) {
    io.stderr.write(counterexamples(ledger, wrong));
    writeJson(io, ledger.map(ledgerJson));
  } else io.stdout.write(markdown ? claimsPage(ledger) : ledgerText(ledger, wrong));
}

/** A claim about a variant that is wrong on purpose. @throws UsageError unless one claim was named that has it. */
function variantOf(named: readonly Claim[], wrong: string): Claim {
  const [claim] = named;
  if (!claim || named.length > 1) throw new UsageError("--wrong needs the one claim whose variant it is");
  if (!Object.hasOwn(claim.wrong, wrong)) throw unknownName(`wrong variant of ${claim.id}`, wrong, Object.keys(claim.wrong));
  return { ...claim, subject: claim.wrong[wrong] };
}

async function carryOut(
  io: Io,
  asked: readonly Claim[],
  { wrong, choice, ...options }: Omit<ClaimsOptions, keyof BackendFlags> & { readonly choice: BackendChoice },
  quiet: boolean,
): Promise<readonly LedgerEntry[]> {
  const total = asked.reduce((sum, claim) => sum + (options.runs ?? claim.runs), 0);
  const progress = createProgress(io.stderr, { label: "claims", total, unit: "cases", quiet });
  return interruptible(io, progress, (signal) =>
    // Threads know the claims of the registry alone.
    checkClaims(asked, {
      ...options,
      backend: choice,
      ...(wrong === undefined ? {} : { workers: 1 }),
      signal,
      onProgress: (cases) => progress.update(cases),
    }),
  );
}
