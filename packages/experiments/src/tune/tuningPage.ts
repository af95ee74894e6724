import { renderSvg } from "../plots/svg.ts";
import { formatCount, formatEstimate, formatNumber } from "../report/format.ts";
import { type Html, html, trusted } from "../report/html.ts";
import { figure, page } from "../report/page.ts";
import { describeRounded, formatValue } from "../report/roundedValues.ts";
import type { Scales } from "./generation.ts";
import { type Compared, type Generation, type SearchResult, seedsOf } from "./result.ts";
import { searchAlt, searchFigure } from "./searchFigure.ts";

/** The page of a search: what it found and how that compares, every generation and every individual. */
export async function tuningPage(result: SearchResult, scales: Scales, environment: Readonly<Record<string, string>>): Promise<string> {
  const { configuration, generations, provenance } = result;
  const alt = searchAlt(result);
  const svg = await renderSvg(searchFigure(result, scales), alt);
  const caption = html`Every individual, in each generation from the best on the left to the worst on the right. Lines: the mean from which a generation
is drawn, and that of its better half, from which the next is. Decays β are shown as 1 − β. A loss of 10⁵ times the least or more is drawn at the upper edge, and so
are runs that diverged.`;
  return page({
    title: `${configuration.optimizer} tuned on ${configuration.task}`,
    lead: `${generations.length} generations of ${generations.map(({ individuals }) => individuals.length).join(", ")}, seed ${configuration.seed}${configuration.data ? `, on ${configuration.data.name}` : ""}`,
    sections: [
      html`<p><code>${provenance.command}</code></p>`,
      comparisonTable(result),
      figure(trusted(svg), caption, alt),
      html`<h2>Generations</h2>
<p>Noise of deviation σ is added to the mean, in ln η for rates and in ln(1 − β) for decays; what falls beyond β = 0 is moved there. The score is the mean loss over
evaluations i with 0.9 T &lt; i &lt; T. Those that diverged or stopped come last.</p>`,
      ...generations.map((generation, g) => generationDetails(generation, g, scales)),
      settings(result),
    ],
    environment,
  });
}

const names: Readonly<Record<Compared["name"], string>> = {
  start: "where the search began",
  tuned: "what it found",
  paper: "the paper's (Table 6)",
};

function comparisonTable({ comparison, tuned }: SearchResult): Html {
  const { steps, rows } = comparison;
  const seeds = seedsOf(comparison);
  if (seeds === 0) return html`<p>Found: <code>${describeRounded(tuned)}</code>. It was not compared with other values.</p>`;
  const body = rows.map(
    (
      row,
    ) => html`<tr><th scope="row">${names[row.name]}</th><td><code>${describeRounded(row.values)}</code></td><td class="number">${formatEstimate(row)}</td><td class="number">${row.diverged}</td></tr>
`,
  );
  return html`<div class="scroll"><table>
<caption>Mean loss over 0.9 T &lt; i &lt; T, T = ${formatCount(steps)}, from the same ${seeds} seeds, which the search did not see</caption>
<thead><tr><th scope="col">Values</th><th scope="col"></th><th scope="col" class="number">Mean ± std</th><th scope="col" class="number">Diverged</th></tr></thead>
<tbody>
${body}</tbody></table></div>
`;
}

function generationDetails({ deviation, steps, individuals }: Generation, g: number, scales: Scales): Html {
  const keys = Object.keys(scales);
  const scores = individuals.flatMap(({ score }) => (score === null ? [] : [score])).sort((a, b) => a - b);
  const best = scores[0] === undefined ? "every run diverged" : `best ${formatNumber(scores[0])}`;
  const rows = individuals.map(
    (
      { values, score, reached, survived, seed },
      i,
    ) => html`<tr><th scope="row">${i + 1}</th>${keys.map((key) => html`<td class="number">${formatValue(values[key] as number)}</td>`)}<td class="number">${score === null ? `ended at ${formatCount(reached)}` : formatNumber(score)}</td><td>${survived ? "better half" : score === null ? "diverged" : ""}</td><td class="number">${seed}</td></tr>
`,
  );
  return html`<details><summary>Generation ${g + 1}: σ = ${deviation}, ${formatCount(steps)} steps; ${best}, ${individuals.length - scores.length} diverged</summary>
<div class="scroll"><table>
<thead><tr><th scope="col">Individual</th>${keys.map((key) => html`<th scope="col" class="number">${key}</th>`)}<th scope="col" class="number">Score</th><th scope="col"></th><th scope="col" class="number">Seed</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
</details>
`;
}

function settings({ configuration: { taskOptions, start }, tuned }: SearchResult): Html {
  const fixed = Object.entries(start).filter(([key]) => !Object.hasOwn(tuned, key));
  const line = (owner: string, options: readonly (readonly [string, number | string])[]): Html =>
    html`<tr><th scope="row">${owner}</th><td><code>${options.length === 0 ? "nothing" : describeRounded(Object.fromEntries(options))}</code></td></tr>`;
  return html`<h3>What was not searched</h3>
<div class="scroll"><table><tbody>${line("optimizer", fixed)}${line("task", Object.entries(taskOptions))}</tbody></table></div>
`;
}
