/** Four significant digits, of its distance from 1 where a decay is near that: `1.234`, `0.00005`, `0.9999643`. */
export const formatValue = (value: number): string =>
  `${value > 0.9 && value < 1 ? Number((1 - Number((1 - value).toPrecision(4))).toFixed(15)) : Number(value.toPrecision(4))}`;

/** `learningRate = 1.234, b1 = 0.5678` */
export const describeRounded = (values: Readonly<Record<string, number | string>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key} = ${typeof value === "number" ? formatValue(value) : value}`)
    .join(", ");
