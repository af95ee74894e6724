import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { RunFolderError } from "../src/run/errors.ts";
import { checkFresh } from "../src/run/folder.ts";
import { lockFolder } from "../src/run/lock.ts";
import { folder } from "./dataFiles.ts";

/** What happens before each call to the file system, and before each link. */
const hook = vi.hoisted(() => ({ before: (): void => {}, link: (): void => {} }));

vi.mock("node:fs", async (load) => {
  const fs = await load<typeof import("node:fs")>();
  const hooked =
    <A extends readonly unknown[], R>(f: (...args: A) => R) =>
    (...args: A): R => {
      hook.before();
      return f(...args);
    };
  return {
    ...fs,
    linkSync: hooked((from: string, to: string) => {
      hook.link();
      fs.linkSync(from, to);
    }),
    readFileSync: hooked(fs.readFileSync),
    rmSync: hooked(fs.rmSync),
    // Others may look between its two calls.
    writeFileSync(file: string, content: string, { flag }: { readonly flag?: string } = {}) {
      hook.before();
      const opened = fs.openSync(file, flag ?? "w");
      try {
        hook.before();
        fs.writeSync(opened, content);
      } finally {
        fs.closeSync(opened);
      }
    },
  };
});

/** A process that begins before the given step of one that is under way, or not at all; it may let go at once. */
interface Other {
  readonly within: number;
  readonly step: number;
  readonly releases: boolean;
}

/** Process 0 and others lock a folder. @returns how many steps each took, how many held it in the end, and the most at a time. */
function race(path: string, others: readonly Other[]): { readonly steps: readonly number[]; readonly held: number; readonly most: number } {
  const steps: number[] = [];
  let [held, most] = [0, 0];
  const lock = (process: number, releases: boolean): void => {
    const outside = hook.before;
    steps[process] = 0;
    hook.before = () => {
      const step = steps[process] as number;
      steps[process] = step + 1;
      for (const [i, other] of others.entries()) if (other.within === process && other.step === step) lock(i + 1, other.releases);
    };
    try {
      const release = lockFolder(path);
      most = Math.max(most, ++held);
      hook.before = () => {};
      if (releases) {
        release();
        held--;
      }
    } catch (error) {
      if (!(error instanceof RunFolderError)) throw error;
    } finally {
      hook.before = outside;
    }
  };
  lock(0, false);
  return { steps, held, most };
}

const left = { pid: spawnSync("true").pid, hostname: hostname(), began: 0 };

it.each([
  ["none", null],
  ["one of a process that is no more", JSON.stringify(left)],
])("is held by one at a time, whatever two others do between its steps: from %s", (_, lock) => {
  const root = folder();
  let races = 0;
  const outcomeOf = (others: readonly Other[]): ReturnType<typeof race> => {
    const path = join(root, `${races++}`);
    mkdirSync(path);
    if (lock !== null) writeFileSync(join(path, ".lock"), lock);
    const outcome = race(path, others);
    // Every process that is under way runs on in the end, so that one of them has it, unless it let go.
    expect({ others, most: outcome.most, files: readdirSync(path) }).toEqual({
      others,
      most: 1,
      files: outcome.held === 1 ? [".lock"] : [],
    });
    return outcome;
  };
  const alone = outcomeOf([]).steps[0] as number;
  expect(alone).toBeGreaterThan(3);
  for (const releases of [false, true]) {
    for (let step = 0; step < alone; step++) {
      const first = { within: 0, step, releases };
      const { steps } = outcomeOf([first]);
      for (const within of [0, 1])
        for (let later = 0; later < (steps[within] ?? 0); later++) outcomeOf([first, { within, step: later, releases: false }]);
    }
  }
  expect(races).toBeGreaterThan(alone ** 2);
});

it("is taken over from processes that were killed while they took one over, and from one that does not say whose it is", () => {
  const path = folder();
  for (const name of [".lock", ".lock.takeover"]) writeFileSync(join(path, name), JSON.stringify(left));
  writeFileSync(join(path, ".lock.takeover.takeover"), "");
  writeFileSync(join(path, ".lock.0123"), "half a hol");
  checkFresh(path);
  const release = lockFolder(path);
  expect(JSON.parse(readFileSync(join(path, ".lock"), "utf8"))).toMatchObject({ pid: process.pid });
  expect(readdirSync(path)).toEqual([".lock", ".lock.0123"]);
  expect(() => lockFolder(path)).toThrow(`found process ${process.pid} on ${hostname()} at it`);
  release();
  expect(readdirSync(path)).toEqual([".lock.0123"]);
});

it("says which file to remove, where a process of another host takes over", () => {
  const path = folder();
  writeFileSync(join(path, ".lock"), JSON.stringify(left));
  writeFileSync(join(path, ".lock.takeover"), JSON.stringify({ ...left, hostname: "elsewhere" }));
  expect(() => lockFolder(path)).toThrow(
    `found process ${left.pid} on elsewhere at it; if no run is going on there, remove ${path}/.lock.takeover`,
  );
  expect(readdirSync(path)).toEqual([".lock", ".lock.takeover"]);
});

it("needs no links", () => {
  const path = folder();
  hook.link = () => {
    throw Object.assign(new Error("operation not supported, link"), { code: "ENOTSUP", syscall: "link" });
  };
  try {
    const release = lockFolder(path);
    expect(() => lockFolder(path)).toThrow(RunFolderError);
    expect(readdirSync(path)).toEqual([".lock"]);
    release();
  } finally {
    hook.link = () => {};
  }
});
