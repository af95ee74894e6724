/** What ticks are multiples of powers of ten by: the first of these that gives three or more, or else the last. */
const multiples: readonly (readonly number[])[] = [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]];

/** Where a logarithmic axis from `low` to `high` has its ticks: at powers of ten, and where these are fewer than three, at multiples of them. */
export function logTicks(low: number, high: number): readonly number[] {
  const powers = decades(low, high);
  const choices = multiples.map((by) => powers.flatMap((power) => by.map((m) => m * power)).filter((tick) => tick >= low && tick <= high));
  return choices.find(({ length }) => length > 2) ?? choices.at(-1) ?? [];
}

/** Powers of ten from the last at or below `low` to the last at or below `high`, each the number that its decimal notation denotes. */
function decades(low: number, high: number): readonly number[] {
  const powers = Array.from({ length: 641 }, (_, i) => Number(`1e${i - 320}`)).filter((power) => power > 0);
  const first = powers.findLastIndex((power) => power <= low);
  return powers.slice(Math.max(0, first)).filter((power) => power <= high);
}

/** Vega expression for a tick's label: powers of ten from 10⁴ up and from 10⁻⁴ down as such, everything else in full. */
export const logLabel: string = (() => {
  const digits = `['${[..."⁰¹²³⁴⁵⁶⁷⁸⁹"].join("','")}']`;
  const exponent = "round(log(datum.value) / LN10)";
  const isPower = `abs(datum.value / pow(10, ${exponent}) - 1) < 1e-9 && abs(${exponent}) > 3`;
  const size = `abs(${exponent})`;
  const digit = (power: number): string => `(${size} < ${power} ? '' : ${digits}[floor(${size} / ${power}) % 10])`;
  const raised = `(${exponent} < 0 ? '⁻' : '') + ${digit(100)} + ${digit(10)} + ${digit(1)}`;
  return `${isPower} ? '10' + ${raised} : format(datum.value, '~r')`;
})();
