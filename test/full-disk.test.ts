import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { beginFolder } from "../packages/experiments/src/run/beginFolder.ts";
import type { RunConfiguration } from "../packages/experiments/src/run/configuration.ts";
import { startOf } from "../packages/experiments/src/run/execute.ts";
import { simulate } from "../packages/experiments/src/run/simulate.ts";
import { lodoHere } from "./lodo.ts";

let root = "";
const at = (...names: readonly string[]): string => join(root, ...names);

const what = ["run", "noisy-quadratic-bowl", "--optimizer", "lodo", "--backend", "reference"];
const how = ["--steps", "400", "--seed", "3", "--set", "dim=4", "depth=2", "--record-every", "1", "--checkpoint-every", "50"];

const bytesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    ["records.jsonl", "checkpoint.safetensors", "summary.json"].map((name) => [name, readFileSync(join(folder, name), "hex")]),
  );

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "lodo-full-"));
  expect(await lodoHere([...what, ...how, "--out", at("uninterrupted")])).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(root, { recursive: true }));

/** The command line in a process whose files find no room beyond so many KiB, as on a disk that is full: the system refuses to write on. */
function withRoomFor(kibibytes: number, ...args: readonly string[]): { readonly code: number | null; readonly stderr: string } {
  const failure = inject("buildFailure");
  if (failure !== null) throw new Error(failure);
  const limited = `ulimit -f ${kibibytes} && exec "$0" "$@"`;
  const { status, stderr } = spawnSync("bash", ["-c", limited, process.execPath, resolve("packages/experiments/bin/lodo.js"), ...args]);
  return { code: status, stderr: stderr.toString() };
}

describe.runIf(process.platform !== "win32")("a run whose disk is full", () => {
  const sizeOf = (name: string): number => statSync(at("uninterrupted", name)).size;

  it("says so at the first record that finds no room, and goes on from its last checkpoint when there is some", async () => {
    const room = 12;
    expect(sizeOf("checkpoint.safetensors")).toBeLessThan(1024 * room);
    expect(sizeOf("records.jsonl")).toBeGreaterThan(1024 * room);
    const folder = at("records");
    const { code, stderr } = withRoomFor(room, ...what, ...how, "--out", folder);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: cannot write ${join(folder, "records.jsonl")}: EFBIG`)]);
    expect(stderr).not.toContain("    at ");
    const written = readFileSync(join(folder, "records.jsonl"), "utf8");
    expect(readFileSync(at("uninterrupted", "records.jsonl"), "utf8").startsWith(written)).toBe(true);
    expect(written.length).toBe(1024 * room);
    expect(await lodoHere([...what, "--out", folder, "--resume"])).toMatchObject({ code: 0 });
    expect(bytesOf(folder)).toEqual(bytesOf(at("uninterrupted")));
  });

  it("keeps the checkpoint that it has where there is no room for the next", async () => {
    const folder = at("checkpoint");
    const configuration = JSON.parse(readFileSync(at("uninterrupted", "config.json"), "utf8")) as RunConfiguration;
    const few = { ...configuration, recordEvery: configuration.steps };
    const simulation = simulate(few);
    beginFolder(folder, few, simulation, startOf(simulation)).close();
    cpSync(folder, at("with room"), { recursive: true });
    const before = readFileSync(join(folder, "checkpoint.safetensors"));
    const room = Math.floor(before.length / 1024) - 1;
    const { code, stderr } = withRoomFor(room, ...what, "--out", folder, "--resume");
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: cannot write ${join(folder, "checkpoint.safetensors")}: EFBIG`)]);
    expect(readFileSync(join(folder, "checkpoint.safetensors")).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith(".partial") || name === ".lock")).toEqual([]);
    for (const each of [folder, at("with room")]) expect(await lodoHere([...what, "--out", each, "--resume"])).toMatchObject({ code: 0 });
    expect(bytesOf(folder)).toEqual(bytesOf(at("with room")));
  });

  it("that has room for nothing begins when there is some", async () => {
    const folder = at("begun");
    const { code, stderr } = withRoomFor(1, ...what, ...how, "--out", folder);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/error: cannot write .*checkpoint\.safetensors: EFBIG/)]);
    cpSync(folder, at("again"), { recursive: true });
    expect(await lodoHere([...what, "--out", at("again"), "--resume"])).toMatchObject({ code: 0 });
    expect(bytesOf(at("again"))).toEqual(bytesOf(at("uninterrupted")));
  });
});
