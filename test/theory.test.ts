import { describe, expect, it } from "vitest";
import { errorRecurrence } from "../packages/experiments/src/claims/errorRecurrence.ts";
import { claims } from "../packages/experiments/src/claims/index.ts";
import { checkClaim } from "../packages/experiments/src/claims/ledger/check.ts";

describe.each(claims)("$id: $statement", (claim) => {
  it(`holds on ${claim.runs} cases (${claim.status})`, () => {
    const { counterexample, refuted } = checkClaim(claim);
    expect(counterexample).toBeNull();
    expect(refuted).toBe(false);
  });

  it("has wrong variants to fail with", () => {
    expect(Object.keys(claim.wrong).length).toBeGreaterThan(0);
  });

  it.runIf(process.env["LODO_FULL"]).each(Object.keys(claim.wrong))("fails with %s", (wrong) => {
    expect(checkClaim(claim, { wrong }).refuted).toBe(true);
  });
});

it("every claim has an id of its own", () => {
  expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
});

it("the error recurrence holds where a trajectory diverges beyond what a number holds", () => {
  expect(checkClaim(errorRecurrence, { seed: 2750, runs: 1 }).counterexample).toBeNull();
});
