import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claim, defineClaim } from "../packages/experiments/src/claims/claim.ts";
import { claims } from "../packages/experiments/src/claims/index.ts";
import { checkClaims } from "../packages/experiments/src/claims/ledger/checkClaims.ts";
import { claimsPage } from "../packages/experiments/src/claims/ledger/claimsPage.ts";
import { ledgerJson } from "../packages/experiments/src/claims/ledger/ledger.ts";
import { ledgerText } from "../packages/experiments/src/claims/ledger/ledgerText.ts";
import { lodo, lodoHere } from "./lodo.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is said of a claim without the time it took. */
const timeless = (ledger: readonly Json[]): readonly Json[] => ledger.map(({ seconds: _, ...entry }) => entry);

describe("lodo claims", () => {
  it("prints a ledger as JSON, with every field and nothing else on stdout", async () => {
    const { code, stdout, stderr } = await lodo("claims", "start", "psd", "--runs", "7", "--seed", "3", "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const ledger = JSON.parse(stdout) as readonly Json[];
    expect(ledger.map(({ id }) => id)).toEqual(["start", "psd"]);
    for (const entry of ledger) {
      expect(Object.keys(entry)).toEqual("id reference statement status runs failures refuted worstMargin worstSeed seconds".split(" "));
      expect(entry).toMatchObject({ runs: 7, failures: 0, refuted: false });
      expect(entry["worstSeed"]).toBeGreaterThanOrEqual(3);
      expect(entry["worstSeed"]).toBeLessThan(10);
    }
  });

  it("comes to the same on any number of threads, however the cases are shared out", async () => {
    const run = async (workers: string): Promise<readonly Json[]> =>
      timeless(JSON.parse((await lodoHere(["claims", "lemma-b1", "start", "--runs", "210", "--workers", workers, "--json"])).stdout));
    expect(await run("2")).toEqual(await run("1"));
  });

  it("prints a table, and says in words what it came to", async () => {
    const { code, stdout } = await lodoHere(["claims", "start", "--runs", "3", "--workers", "1"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^start +Section 3 +proved +3 +0 /m);
    expect(stdout).toContain("No counterexample in 3 cases to the claim.");
  });

  it("draws the worst case again from its seed", async () => {
    const ledgerOf = async (...args: readonly string[]): Promise<Json> =>
      (JSON.parse((await lodoHere(["claims", "psd", ...args, "--workers", "1", "--json"])).stdout) as readonly [Json])[0];
    const { worstMargin, worstSeed } = await ledgerOf("--runs", "20");
    expect(await ledgerOf("--runs", "1", "--seed", `${worstSeed}`)).toMatchObject({ worstMargin, worstSeed });
  });

  it.each(["1", "2"])("ends at the first signal, on %s threads", async (workers) => {
    const { code, stdout, stderr } = await lodoHere(["claims", "start", "--runs", "60", "--workers", workers], { interrupt: true });
    expect(stderr).toMatch(/error: interrupted after 0 of 60 runs/);
    expect([code, stdout]).toEqual([1, ""]);
  });

  it("shows a wrong variant refuted, and draws its smallest case again by the command that it prints", async () => {
    const { code, stdout } = await lodoHere(["claims", "psd", "--wrong", "a sign: −α₀", "--runs", "20", "--seed", "5"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Refuted here: psd.");
    expect(stdout).toMatch(/psd, with a sign: −α₀, fails in \d+ of 20 cases/);
    const smallest = /smallest case .*/.exec(stdout)?.[0] as string;
    expect(smallest).toMatch(/"n":1,"k":1,"N":0/);
    const printed = /npx lodo (claims psd .*)/.exec(stdout)?.[1] as string;
    const args = [...printed.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? (plain as string));
    const again = await lodoHere(args);
    expect(again.stdout).toContain(smallest);
    expect(again.stdout).toContain("fails in 1 of 1 cases");
    const json = await lodoHere([...args, "--json"]);
    expect(json.stderr).toContain(smallest);
    expect(JSON.parse(json.stdout)).toMatchObject([{ id: "psd", runs: 1, failures: 1, refuted: true }]);
  });

  it("is listed with its claims", async () => {
    const { stdout } = await lodoHere(["list", "--json"]);
    const listed = JSON.parse(stdout) as { readonly claims: readonly Json[] };
    expect(listed.claims.map(({ id }) => id)).toEqual(claims.map(({ id }) => id));
  });

  it.each([
    [["claims", "psdd"], 'no claim "psdd"; did you mean "psd"?'],
    [["claims", "quux"], 'no claim "quux" (known: psd, start, '],
    [["claims", "start", "strat"], 'no claim "strat"; did you mean "start"?'],
    [["claims", "--runs", "0"], 'Expected an integer of at least 1, got "0"'],
    [["claims", "--runs", "many"], 'Expected an integer of at least 1, got "many"'],
    [["claims", "--seed", "1.5"], 'Expected an integer, got "1.5"'],
    [["claims", "--workers", "0"], 'Expected an integer of at least 1, got "0"'],
    [["claims", "--markdown", "--json"], "cannot be used with option"],
    [["claims", "psd", "--wrong", "sign"], 'no wrong variant of psd "sign"; did you mean "a sign: −α₀"?'],
    [["claims", "psd", "start", "--wrong", "a sign: −α₀"], "--wrong needs the one claim whose variant it is"],
    [["claims", "psd", "--wrong", "a sign: −α₀", "--markdown"], "cannot be used with option"],
    [["claims", "--rnus", "3"], "Did you mean --runs?"],
  ])("%j is wrong usage", async (args, message) => {
    const { code, stdout, stderr } = await lodoHere(args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, ""]);
  });
});

/** False from 100 on, and undefined at 1000. */
const falseClaim: Claim = defineClaim<number, (x: number) => number>({
  id: "small",
  reference: "nowhere",
  statement: "every number is small.",
  status: "argued",
  cases: fc.nat({ max: 999 }),
  runs: 50,
  subject: (x) => x,
  wrong: {},
  margin: (x, f) => (f(x) === 1000 ? Number.NaN : 1 - f(x) / 99.5),
});

describe("a claim that is false", () => {
  it("is shrunk to its smallest case, which its seed draws again", async () => {
    const [entry] = await checkClaims([falseClaim], { workers: 1 });
    expect(entry).toMatchObject({ refuted: true, runs: 50, counterexample: { case: "100" } });
    expect(entry?.failures).toBeGreaterThan(10);
    const seed = entry?.counterexample?.seed ?? 0;
    const [again] = await checkClaims([falseClaim], { workers: 1, runs: 1, seed });
    expect(again?.counterexample).toEqual(entry?.counterexample);
    const text = ledgerText([entry as NonNullable<typeof entry>]);
    expect(text).toContain("smallest case  100");
    expect(text).toContain(`lodo claims small --seed ${seed} --runs 1`);
    expect(text).toContain("Refuted here: small.");
  });

  it("has its first counterexample and its worst case whichever portion they lie in", async () => {
    const [all] = await checkClaims([falseClaim], { workers: 1, runs: 350 });
    const [first] = await checkClaims([falseClaim], { workers: 1, runs: 100 });
    expect(all).toMatchObject({ runs: 350, counterexample: first?.counterexample });
    expect(all?.worstMargin).toBeLessThanOrEqual(first?.worstMargin ?? 0);
  });

  it("and undefined, or throws, is at −∞, which JSON keeps", async () => {
    const undefinedClaim: Claim = { ...falseClaim, margin: () => Number.NaN };
    const throwing: Claim = {
      ...falseClaim,
      margin: () => {
        throw new Error("cannot be computed");
      },
    };
    for (const claim of [undefinedClaim, throwing]) {
      const [entry] = await checkClaims([claim], { workers: 1, runs: 2 });
      expect(entry).toMatchObject({ failures: 2, worstMargin: Number.NEGATIVE_INFINITY });
      const read = JSON.parse(JSON.stringify(ledgerJson(entry as NonNullable<typeof entry>))) as Json;
      expect(Number(read["worstMargin"])).toBe(Number.NEGATIVE_INFINITY);
    }
  });

  it("says on the documentation's page where it fails", async () => {
    expect(claimsPage(await checkClaims([falseClaim], { workers: 1 }))).toMatch(
      /Fails at `100` .*: `npx lodo claims small --seed \d+ --runs 1`/,
    );
  });
});

it("docs/claims.md is the registry's: npm run docs:claims writes it", () => {
  const page = readFileSync("docs/claims.md", "utf8");
  const rows = [...page.matchAll(/^\| \[(?<id>[^\]]+)\]\(#[^)]+\) \| (?<reference>[^|]+) \| (?<status>[^|]+) \|/gm)].map(
    ({ groups }) => groups,
  );
  expect(rows).toEqual(
    claims.map(({ id, reference, status }) => expect.objectContaining({ id, reference, status: status.replaceAll("-", " ") })),
  );
  for (const { id, statement } of claims) {
    const section = page.slice(page.indexOf(`\n## ${id}\n`)).split("\n## ")[1] as string;
    expect(section).toContain(`${id}\n\n${statement}\n`);
    const [, file = ""] = /\]\(\.\.\/(packages\/[^)]+)\)/.exec(section) ?? [];
    expect(readFileSync(file, "utf8")).toContain(`id: "${id}"`);
  }
});
