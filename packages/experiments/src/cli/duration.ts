/** Seconds as people say them: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`. */
export function describeSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  const pad = (n: number): string => String(n).padStart(2, "0");
  if (s < 3600) return `${Math.floor(s / 60)} min ${pad(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${pad(Math.floor((s % 3600) / 60))} min`;
}

/** A rate to three digits: `0.0231`, `4.52`, `1 234`. */
export const describeRate = (perSecond: number): string =>
  perSecond >= 1000 ? Math.round(perSecond).toLocaleString("en").replaceAll(",", " ") : perSecond.toPrecision(3);
