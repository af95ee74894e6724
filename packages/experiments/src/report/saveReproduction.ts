import { join } from "node:path";
import { type BackendChoice, choiceOf } from "../backends/choice.ts";
import { remarksOn } from "../experiments/agreement.ts";
import type { Figure, Job } from "../experiments/experiment.ts";
import type { Reproduction } from "../experiments/reproduce.ts";
import type { Target } from "../experiments/targets.ts";
import { json } from "../files.ts";
import { renderSvg } from "../plots/svg.ts";
import { reportFiles, writeFiles } from "./folder.ts";
import { reproductionPage, type Section } from "./reproductionPage.ts";
import type { Manifest, ReproducedTarget, SavedExperiment } from "./saved.ts";

/** Results, figures and page as files. */
export async function saveReproduction(
  path: string,
  asked: readonly Target[],
  reproductions: readonly Reproduction[],
  {
    seeds,
    seconds,
    hyperparameters,
    environment,
    data,
    ...computed
  }: Pick<Manifest, "seeds" | "seconds" | "hyperparameters" | "environment" | "data"> & Partial<BackendChoice>,
): Promise<readonly ReproducedTarget[]> {
  const sections: Section[] = [];
  for (const reproduction of reproductions) sections.push(await sectionOf(reproduction, figuresOf(reproduction, asked)));
  const files = new Map(sections.flatMap(filesOfSection));
  for (const { experiment, runs } of reproductions) files.set(runsFile(experiment.id), `${JSON.stringify(runs)}\n`);
  files.set(reportFiles.timings, json(reproductions.flatMap(({ timings }) => timings)));
  const manifest: Manifest = {
    kind: "lodo-reproduction",
    ids: asked.map(({ id }) => id),
    preset: reproductions[0]?.preset.name ?? "quick",
    seeds,
    seconds,
    hyperparameters,
    ...choiceOf(computed),
    ...(data === undefined ? {} : { data }),
    experiments: sections.map(({ saved }) => resultsFile(saved.id)),
    files: [...files.keys(), reportFiles.page],
    environment,
  };
  files.set(reportFiles.page, reproductionPage(manifest, sections));
  writeFiles(path, manifest, files);
  return asked.map(({ id, experiment, figures }) => {
    const { rows, preset } = reproductions.find((r) => r.experiment.id === experiment.id) as Reproduction;
    const own = [resultsFile(experiment.id), runsFile(experiment.id), ...figures.map(figureFile), reportFiles.page];
    return { id, preset: preset.name, rows, artefacts: own.map((name) => join(path, name)) };
  });
}

const resultsFile = (id: string): string => `${id}.json`;
const runsFile = (id: string): string => `${id}.runs.json`;
const figureFile = ({ id }: { readonly id: string }): string => `${id}.svg`;

/** The figures of an experiment that were asked for, alone or with their table. */
function figuresOf({ experiment }: Reproduction, asked: readonly Target[]): readonly Figure<Job, unknown>[] {
  const wanted = asked.filter((target) => target.experiment.id === experiment.id).flatMap(({ figures }) => figures.map(({ id }) => id));
  return experiment.figures.filter(({ id }) => wanted.includes(id));
}

async function sectionOf(reproduction: Reproduction, figures: readonly Figure<Job, unknown>[]): Promise<Section> {
  const { experiment, preset, runs, rows, details, verdict, notes, failures } = reproduction;
  const { id, title, reference, claim } = experiment;
  const drawn = new Map<string, string>();
  for (const figure of figures) drawn.set(figure.id, await renderSvg(figure.spec(runs), figure.alt(runs)));
  const saved: SavedExperiment = {
    kind: "lodo-experiment",
    id,
    title,
    reference,
    claim,
    preset,
    verdict,
    ...(experiment.columnsAre === undefined ? {} : { columnsAre: experiment.columnsAre }),
    rows,
    details,
    remarks: remarksOn(experiment, rows, runs),
    notes,
    settings: experiment.settings(preset),
    figures: figures.map((figure) => ({ id: figure.id, file: figureFile(figure), caption: figure.caption, alt: figure.alt(runs) })),
    failures,
  };
  return { saved, figures: drawn };
}

const filesOfSection = ({ saved, figures }: Section): [string, string][] => [
  [resultsFile(saved.id), json(saved)],
  ...[...figures].map(([id, svg]): [string, string] => [figureFile({ id }), svg]),
];
