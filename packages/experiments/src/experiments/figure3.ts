import { heatMapImage } from "../plots/heatMapImage.ts";
import { trajectories } from "../plots/trajectories.ts";
import type { Figure } from "./experiment.ts";
import type { Trial, TrialResult } from "./trial.ts";
import { valleyCrossings } from "./valleyCrossings.ts";
import { valleyFrame, valleySurface } from "./valleySurface.ts";

/** From the valley floor up: light enough everywhere for coloured lines to be seen. */
const shades = ["#5f6a7d", "#aab2bf", "#e3e6ea", "#fafafa"];

/** The path of every optimizer over the heat map of the loss, first seed. */
export const figure3: Figure<Trial, TrialResult> = {
  id: "figure-3",
  summary: "trajectories on Rosenbrock's function",
  caption:
    "Iterates of the first seed over log(f + 10⁻³): dots are the 200 iterates, the circle is the start (−0.5, 2), the cross the minimum (1, 1). Paths that leave the frame are cut at its edge.",
  alt(runs) {
    const names = [...new Set(runs.flatMap(({ job, result }) => (result.trajectory ? [job.name] : [])))];
    const said = names.map((name) => `${name} crosses the valley floor ${valleyCrossings(runs, name)} times`);
    return `Paths of ${names.length} optimizers over a heat map of a curved valley, a panel each: ${said.join(", ")}.`;
  },
  spec(runs) {
    const surface = valleySurface(108, 140);
    const paths = runs.flatMap(({ job, result }) =>
      job.seed === 0 && result.trajectory ? [{ series: job.name, points: result.trajectory.map(([x = 0, y = 0]) => ({ x, y })) }] : [],
    );
    return trajectories({
      paths,
      frame: valleyFrame,
      background: { image: heatMapImage(surface, surface.range, shades), range: surface.range, shades, title: "log(f + 10⁻³)" },
      start: { x: -0.5, y: 2 },
      goal: { x: 1, y: 1 },
    });
  },
};
