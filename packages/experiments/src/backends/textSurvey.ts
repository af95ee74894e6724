import type { Measured } from "./selfTest/selfTest.ts";
import type { Automatic, Survey, Surveyed } from "./survey.ts";

/** A survey for people: each backend with its speed and error or the reason why it is not there, and what `auto` takes. */
export function textSurvey({ backends, auto }: Survey): string {
  const width = Math.max(...backends.map(({ id }) => id.length));
  return `${[...backends.flatMap((each) => linesOf(each, width)), "", ...auto.flatMap(automatic), "", ...notes].join("\n")}\n`;
}

const notes = [
  "Speeds are the best of what was measured here, in float32; they differ from run to run. Errors are those of float32 against the reference in float64,",
  "the greatest difference over the greatest number.",
];

function linesOf({ id, summary, offer, measured }: Surveyed, width: number): readonly string[] {
  const line = (name: string, text: string): string => `${name.padEnd(width)}  ${text}`.trimEnd();
  if (!offer.available) return [line(id, summary), line("", `not here: ${offer.reason}`), line("", `remedy: ${offer.remedy}`)];
  return [
    line(id, summary),
    line("", `${offer.about}; ${offer.dtypes.join(", ")}`),
    ...(offer.slow === undefined ? [] : [line("", `slow: ${offer.slow}`)]),
    ...measured.map((each) => line("", describeMeasured(each))),
  ];
}

const describeMeasured = ({ id, unit, rate, error }: Measured): string =>
  `  ${id.padEnd(32)} ${rate.toPrecision(3).padStart(7)} ${unit.padEnd(7)}  error ${error.toExponential(1)}`;

const automatic = ({ dtype, backend, passedOver }: Automatic): readonly string[] => [
  `auto takes ${backend} for ${dtype}`,
  ...passedOver.map(({ id, reason, remedy }) => `  not ${id}: ${reason}${remedy === null ? "" : `; ${remedy}`}`),
];
