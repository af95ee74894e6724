/** Extents and placement of a window along one axis. */
export interface Axis {
  readonly extent: number;
  readonly window: number;
  readonly places: number;
  readonly stride: number;
  /** Zeros before the first pixel. */
  readonly before: number;
}

/** Loops over the taps under a place: within `body`, k is the tap and i the pixel, which lies on the image. */
export function pixelsUnder(axis: Axis, place: string, k: string, i: string, body: string): string {
  return `for (let ${k} = 0; ${k} < ${axis.window}; ${k}++) {
    const ${i} = (${place}) * ${axis.stride} - ${axis.before} + ${k};
    if (${i} >= 0 && ${i} < ${axis.extent}) { ${body} }
  }`;
}

/** Loops over the places whose windows cover a pixel: within `body`, k is the tap and i the place. */
export function placesOver(axis: Axis, pixel: string, k: string, i: string, body: string): string {
  const from = `from_${i}`;
  return `for (let ${k} = 0; ${k} < ${axis.window}; ${k}++) {
    const ${from} = (${pixel}) + ${axis.before} - ${k};
    const ${i} = quotient(whole(${from}), ${axis.stride});
    if (${from} >= 0 && ${i} * ${axis.stride} === ${from} && ${i} < ${axis.places}) { ${body} }
  }`;
}
