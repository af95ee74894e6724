import { type LedgerEntry, replayCommand } from "./ledger.ts";
import { describeMargin } from "./ledgerText.ts";

const introduction = `# The paper's claims

Every statement below is a property that can be checked, in a file of its own, with the code it is about and variants of that code which are wrong on
purpose and must fail. This page is written by \`npm run docs:claims\`, from the claims themselves; \`npx lodo claims [id …] --runs N --seed S\` checks
them on your machine.

A claim is *proved*, in the paper or, where the statement says more than the paper, by us; *argued* in the paper without proof; or *refuted as stated*:
found false or in need of a further condition. Its statement then says what is false and what holds instead, and it is the latter that is checked. A
*margin* says how far the worst case was from failing: 1 at best, 0 at the edge, negative where the statement fails.`;

/** A claim stands in the file of its name: flow-rate in flowRate.ts. */
const link = (id: string): string => {
  const file = `${id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())}.ts`;
  return `[\`${file}\`](../packages/experiments/src/claims/${file})`;
};

/** The documentation's page of claims, in Markdown. */
export function claimsPage(ledger: readonly LedgerEntry[]): string {
  const head = [
    "| Claim | Reference | Status | Cases | Failures | Worst margin | Seconds |",
    "| --- | --- | --- | --: | --: | --: | --: |",
  ];
  const rows = ledger.map(
    ({ id, reference, status, runs, failures, worstMargin, seconds }) =>
      `| [${id}](#${id}) | ${reference} | ${status.replaceAll("-", " ")} | ${runs} | ${failures} | ${describeMargin(worstMargin)} | ${seconds.toFixed(1)} |`,
  );
  const sections = ledger.map(
    ({ id, reference, statement, status, worstSeed, counterexample }) =>
      `## ${id}\n\n${statement}\n\n${reference}; ${status.replaceAll("-", " ")}; ${link(id)}. ` +
      (counterexample
        ? `Fails at \`${counterexample.case}\` (${counterexample.message}): \`${replayCommand(id, counterexample.seed)}\`.`
        : `Its worst case: \`${replayCommand(id, worstSeed)}\`.`),
  );
  return `${[introduction, [...head, ...rows].join("\n"), ...sections].join("\n\n")}\n`;
}
