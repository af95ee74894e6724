import { join } from "node:path";
import { choiceOf, describeChoice } from "../backends/choice.ts";
import { readText } from "../files.ts";
import { ReportFolderError } from "./errors.ts";
import { experimentSection } from "./experimentSection.ts";
import { readManifest, readShaped } from "./folder.ts";
import { page } from "./page.ts";
import { type Manifest, type SavedExperiment, savedExperimentSchema } from "./saved.ts";

/** An experiment's results with its figures, SVG by id. */
export interface Section {
  readonly saved: SavedExperiment;
  readonly figures: ReadonlyMap<string, string>;
}

/** The page of a reproduction. */
export function reproductionPage(
  { ids, preset, environment, ...computed }: Pick<Manifest, "ids" | "preset" | "environment" | "backend" | "fastMath">,
  sections: readonly Section[],
): string {
  const borneOut = sections.filter(({ saved }) => saved.verdict.holds).length;
  const claims = sections.length === 1 ? "The claim is" : `Of the ${sections.length} claims here, ${borneOut}`;
  const verdict =
    sections.length === 1 ? `${claims} ${borneOut === 1 ? "" : "not "}borne out.` : `${claims} ${borneOut === 1 ? "is" : "are"} borne out.`;
  return page({
    title: "LODO: our numbers beside the paper's",
    lead: `${ids.join(", ")}, preset ${preset}. ${verdict}`,
    sections: sections.map(({ saved, figures }) => experimentSection(saved, figures)),
    environment: { ...environment, backend: describeChoice(choiceOf(computed)) },
  });
}

/** The page of the reproduction saved in a folder. @throws ReportFolderError if the folder holds none, or a damaged one. */
export function savedReproductionPage(path: string): string {
  const manifest = readManifest(path);
  const sections = manifest.experiments.map((name): Section => {
    const saved = readShaped(join(path, name), savedExperimentSchema);
    return { saved, figures: new Map(saved.figures.map(({ id, file }) => [id, readSvg(join(path, file))])) };
  });
  return reproductionPage(manifest, sections);
}

/** A figure as we draw them: an SVG that runs nothing and fetches nothing. */
function readSvg(file: string): string {
  const svg = readText(ReportFolderError, file);
  if (!/^<svg\s[^>]*>[\s\S]*<\/svg>\s*$/.test(svg))
    throw new ReportFolderError(`expected an SVG in ${file}, found ${svg.length} characters of something else`);
  const foreign = /<script|<foreignObject|<iframe|\son\w+\s*=|javascript:|href="(?!#|data:image\/png;)/i.exec(svg);
  if (foreign) throw new ReportFolderError(`expected a figure drawn by lodo in ${file}, found "${foreign[0].trim()}" in it`);
  return svg;
}
