import { borneOut } from "../experiments/agreement.ts";
import { scopeIds } from "../plots/svg.ts";
import { formatEstimate, formatLength } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import { figure } from "./page.ts";
import type { SavedExperiment } from "./saved.ts";
import { type TableBlock, tableBlocks } from "./tableBlocks.ts";

/** An experiment on the page: claim, verdict, numbers beside the paper's, figures, notes and settings. `figures` has each figure's SVG by its id. */
export function experimentSection(saved: SavedExperiment, figures: ReadonlyMap<string, string>): Html {
  const { id, title, reference, claim, preset, verdict, rows, details, remarks, notes, settings, failures } = saved;
  const seeds = preset.seeds === 1 ? "seed 0" : `seeds 0 to ${preset.seeds - 1}`;
  return html`<section id="${id}">
<h2>${title}</h2>
<p class="soft">${reference}. Preset <code>${preset.name}</code>: ${formatLength(preset)}, ${seeds}. <code>${id}</code></p>
<h3>The claim</h3>
<blockquote><p>${claim}</p></blockquote>
<p class="verdict ${verdict.holds ? "holds" : "fails"}"><strong>${verdict.holds ? "✓" : "✗"} ${borneOut(verdict)}</strong> ${verdict.words}</p>
<h3>Numbers</h3>
${tableBlocks(rows, remarks, details, saved.columnsAre).map(blockTable)}
${failures.length === 0 ? null : html`<h3>Runs that failed</h3><ul>${failures.map(({ job, error }) => html`<li>${job}: ${error}</li>`)}</ul>`}
${saved.figures.map((each) => figure(trusted(scopeIds(figures.get(each.id) ?? "", each.id)), html`<strong>${nameOf(each.id)}.</strong> ${each.caption}`, each.alt))}
${notes.length === 0 ? null : html`<h3>Notes</h3><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<h3>Settings</h3>
<div class="scroll"><table><thead><tr><th scope="col">Optimizer</th><th scope="col">Hyperparameters</th></tr></thead>
<tbody>${settings.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>`)}</tbody></table></div>
</section>
`;
}

/** `figure-3` as a reader has it: Figure 3. */
const nameOf = (id: string): string => id.replace(/^./, (c) => c.toUpperCase()).replaceAll("-", " ");

const heading = (text: string): Html => html`<th scope="col">${text}</th>`;
const numeric = (text: string): Html => html`<th scope="col" class="number">${text}</th>`;
const cell = (value: string | number): Html => html`<td class="number">${value}</td>`;

function blockTable({ title, lineIs, details, compared, remarked, lines }: TableBlock): Html {
  const head = [
    heading(lineIs === "optimizer" ? "Optimizer" : "Setting"),
    ...details.map(heading),
    numeric("Ours, mean ± std"),
    numeric("Runs"),
    numeric("Diverged"),
  ];
  const more = [compared ? numeric("Paper") : null, remarked ? heading("In words") : null];
  const body = lines.map(({ label, row, details, remark }) => {
    const known = details.map((detail) => html`<td>${detail}</td>`);
    const ours = [formatEstimate(row), row.n + row.diverged, row.diverged].map(cell);
    return html`<tr><th scope="row">${label}</th>${known}${ours}${compared ? cell(formatEstimate(row.paper)) : null}${remarked ? html`<td>${remark}</td>` : null}</tr>
`;
  });
  return html`<div class="scroll"><table>
<caption>${title}</caption>
<thead><tr>${[...head, ...more]}</tr></thead>
<tbody>
${body}</tbody></table></div>
`;
}
