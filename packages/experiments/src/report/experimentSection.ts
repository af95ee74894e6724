import { agreementInWords } from "../experiments/agreement.ts";
import type { Row } from "../experiments/row.ts";
import { groupBy } from "../groupBy.ts";
import { scopeIds } from "../plots/svg.ts";
import { formatCount, formatEstimate } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import { figure } from "./page.ts";
import type { SavedExperiment } from "./saved.ts";

/** An experiment on the page: claim, verdict, numbers beside the paper's, figures, notes and settings. `figures` has each figure's SVG by its id. */
export function experimentSection(saved: SavedExperiment, figures: ReadonlyMap<string, string>): Html {
  const { id, title, reference, claim, preset, verdict, rows, notes, settings, failures } = saved;
  const seeds = preset.seeds === 1 ? "seed 0" : `seeds 0 to ${preset.seeds - 1}`;
  return html`<section id="${id}">
<h2>${title}</h2>
<p class="soft">${reference}. Preset <code>${preset.name}</code>: ${formatCount(preset.steps)} steps, ${seeds}. <code>${id}</code></p>
<h3>What the paper claims</h3>
<blockquote><p>${claim}</p></blockquote>
<p class="verdict ${verdict.holds ? "holds" : "fails"}"><strong>${verdict.holds ? "✓ Borne out." : "✗ Not borne out."}</strong> ${verdict.words}</p>
<h3>Numbers</h3>
${groupBy(rows, ({ column }) => column).map(rowsTable)}
${failures.length === 0 ? null : html`<h3>Runs that failed</h3><ul>${failures.map(({ job, error }) => html`<li>${job}: ${error}</li>`)}</ul>`}
${saved.figures.map((each) => figure(trusted(scopeIds(figures.get(each.id) ?? "", each.id)), html`<strong>${nameOf(each.id)}.</strong> ${each.caption}`, each.alt))}
${notes.length === 0 ? null : html`<h3>Notes</h3><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<h3>Settings</h3>
<div class="scroll"><table><thead><tr><th scope="col">Optimizer</th><th scope="col">Hyperparameters (Table 6)</th></tr></thead>
<tbody>${settings.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>`)}</tbody></table></div>
</section>
`;
}

/** `figure-3` as the paper writes it. */
const nameOf = (id: string): string => id.replace(/^./, (c) => c.toUpperCase()).replace("-", " ");

const rowsTable = (rows: readonly Row[]): Html => html`<div class="scroll"><table>
<caption>${rows[0]?.column ?? ""}</caption>
<thead><tr><th scope="col">Optimizer</th><th scope="col" class="number">Ours, mean ± std</th><th scope="col" class="number">Paper</th><th scope="col" class="number">Runs</th><th scope="col" class="number">Diverged</th><th scope="col">In words</th></tr></thead>
<tbody>
${rows.map(
  (row) =>
    html`<tr><th scope="row">${row.name}</th><td class="number">${formatEstimate(row)}</td><td class="number">${formatEstimate(row.paper)}</td><td class="number">${row.n + row.diverged}</td><td class="number">${row.diverged}</td><td>${agreementInWords(row)}</td></tr>
`,
)}</tbody></table></div>
`;
