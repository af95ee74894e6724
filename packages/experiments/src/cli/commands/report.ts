import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { attempt } from "../../files.ts";
import { ReportFolderError } from "../../report/errors.ts";
import { reportFiles } from "../../report/folder.ts";
import { savedReproductionPage } from "../../report/reproductionPage.ts";
import { savedRunPage } from "../../report/runPage.ts";
import { fileNames } from "../../run/folder.ts";
import { folderPath } from "../arguments.ts";
import { type Io, writeJson } from "../io.ts";

const help = `
DIR holds what lodo reproduce wrote, or lodo run --out. The page needs nothing from outside itself.

Examples:
  lodo report reports/table-8-paper
  lodo report runs/bowl`;

/** `lodo report`: saved results as one HTML page. */
export function reportCommand(io: Io): Command {
  return new Command("report")
    .description("draw saved results as one self-contained HTML page, report.html")
    .argument("<dir>", "a folder written by lodo reproduce or lodo run", folderPath)
    .option("--json", "where the page is, as one JSON document on stdout")
    .addHelpText("after", help)
    .action(async (dir: string, { json = false }: { readonly json?: boolean }) => {
      const isRun = existsSync(join(dir, fileNames.configuration)) && !existsSync(join(dir, reportFiles.manifest));
      const content = isRun ? await savedRunPage(dir) : savedReproductionPage(dir);
      const page = join(dir, reportFiles.page);
      attempt(ReportFolderError, page, "write", () => writeFileSync(page, content));
      if (json) writeJson(io, { page });
      else io.stdout.write(`Report: ${page}\n`);
    });
}
