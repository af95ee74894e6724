import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { datasetNamed, filesOf } from "../packages/experiments/src/data/datasets.ts";
import { lodoHere } from "./lodo.ts";

const debian = "/usr/share/datasets/fashion-mnist";
const hasDebian = existsSync(debian) && readdirSync(debian).length > 0;
const names = filesOf(datasetNamed("fashion-mnist")).map(({ name }) => name);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "lodo-data-cli-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A folder on the web, and what has been asked of it. */
async function serve(path: string): Promise<{ readonly address: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer(({ url = "/" }, response) => {
    const file = join(path, basename(url));
    asked.push(basename(url));
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

/** A user without data, on a machine without a network. */
function alone(): string {
  const home = folder();
  vi.stubEnv("XDG_CACHE_HOME", home);
  vi.stubEnv("LODO_DATA", "");
  return home;
}

afterEach(() => vi.unstubAllEnvs());

describe("lodo data", () => {
  it("lists every split, and where a data set would go", async () => {
    const home = alone();
    const { code, stdout } = await lodoHere(["data", "--data", home]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "mnist          train  not found",
        "mnist          test   not found",
        "fashion-mnist  train  not found",
        "fashion-mnist  test   not found",
        "cifar-10       train  not found",
        "cifar-10       test   not found",
        "",
        `lodo data NAME fetches one into ${home}`,
        "",
      ].join("\n"),
    );
    const { stdout: json } = await lodoHere(["data", "--data", home, "--json"]);
    expect(JSON.parse(json)).toHaveLength(6);
    expect(JSON.parse(json)).toContainEqual({ dataset: "mnist", split: "test", folder: null, state: "absent", remark: null });
  });

  it("says of files what is missing, wrong or not as published", async () => {
    const home = alone();
    for (const id of ["mnist", "cifar-10"]) mkdirSync(join(home, "lodo", id), { recursive: true });
    writeFileSync(join(home, "lodo", "mnist", "train-images-idx3-ubyte"), "no images");
    writeFileSync(join(home, "lodo", "cifar-10", "test_batch.bin"), "no images");
    const { stdout } = await lodoHere(["data"]);
    expect(stdout).toContain(`mnist          train  incomplete: no train-labels-idx1-ubyte, in ${home}/lodo/mnist\n`);
    expect(stdout).toContain(`cifar-10       test   unverified: not the published test_batch.bin, in ${home}/lodo/cifar-10\n`);
  });

  it.runIf(hasDebian)(
    "finds the Fashion-MNIST of Debian's package dataset-fashion-mnist; fetches the same, checked and unpacked, once",
    async () => {
      const home = alone();
      expect((await lodoHere(["data"])).stdout).toContain(`fashion-mnist  train  as published, in ${debian}\n`);
      const { address, asked } = await serve(debian);
      const into = join(home, "lodo", "fashion-mnist");
      const first = await lodoHere(["data", "fashion-mnist", "--mirror", address]);
      expect(first).toMatchObject({ code: 0, stdout: `Fashion-MNIST is in ${into}, as published; fetched: ${names.join(", ")}\n` });
      expect(readdirSync(into).sort()).toEqual([...names].sort());
      expect(asked).toEqual(names.map((name) => `${name}.gz`));
      expect((await lodoHere(["data"])).stdout).toContain(`fashion-mnist  test   as published, in ${into}\n`);
      const again = await lodoHere(["data", "fashion-mnist", "--mirror", address, "--json"]);
      expect(JSON.parse(again.stdout)).toEqual({ dataset: "fashion-mnist", folder: into, kept: names, fetched: [] });
      expect([asked.length, again.stderr]).toEqual([4, ""]);
      // The same files are no MNIST, whatever the server says.
      const { code, stderr } = await lodoHere(["data", "mnist", "--mirror", address, "--data", home]);
      expect([code, readdirSync(join(home, "mnist"))]).toEqual([1, []]);
      expect(stderr).toContain("expected 47040016 bytes with SHA-256 ba891046");
    },
  );

  it("uses LODO_DATA, and says what to put there by hand where nothing can be fetched", async () => {
    alone();
    const data = folder();
    vi.stubEnv("LODO_DATA", data);
    const { address } = await serve(folder());
    const { code, stdout, stderr } = await lodoHere(["data", "cifar-10", "--mirror", address]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      [
        "error: cannot fetch CIFAR-10:",
        `  ${address}cifar-10-binary.tar.gz: HTTP 404 Not Found`,
        `by hand, put data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin of cifar-10-binary.tar.gz into ${data}/cifar-10 (from https://www.cs.toronto.edu/~kriz/)`,
        "",
      ].join("\n"),
    );
  });

  it("ends early when it is interrupted", async () => {
    const home = alone();
    const { address } = await serve(home);
    const { code, stderr } = await lodoHere(["data", "mnist", "--mirror", address], { interrupt: true });
    expect([code, stderr]).toEqual([
      1,
      `error: interrupted by SIGINT; files that were whole are in ${home}/lodo/mnist, and the same command goes on\n`,
    ]);
  });

  it.each([
    [["data", "mnst"], 'no data set "mnst"; did you mean "mnist"? (known: mnist, fashion-mnist, cifar-10)'],
    [["data", "mnist", "--mirror", "ftp://x"], 'Expected an address that begins with http:// or https://, got "ftp://x"'],
    [["data", "mnist", "--mirror", "here"], 'got "here"'],
    [["data", "--mirror", "http://x"], "--mirror needs the name of a data set to fetch"],
    [["data", "--data", ""], "Expected the path of a folder"],
    [["data", "mnist", "cifar-10"], "too many arguments"],
  ])("%j is wrong usage", async (args, message) => {
    const { code, stdout, stderr } = await lodoHere(args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, ""]);
  });
});
