const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  "": 1000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
};

/** A span as systemd writes it (`5`, `500ms`, `1min 30s`, `infinity`), in milliseconds. @see systemd.time(7) */
export function parseTimeSpan(text: string): number {
  if (text === "infinity") return Number.POSITIVE_INFINITY;
  const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?)\s*([a-z]*)/gy)];
  const length = parts.reduce((sum, [whole]) => sum + whole.length, 0);
  const spans = parts.map(([, amount = "", unit = ""]) => Number(amount) * (UNITS[unit] ?? Number.NaN));
  const total = spans.reduce((sum, span) => sum + span, 0);
  if (parts.length === 0 || length !== text.trimEnd().length || Number.isNaN(total)) {
    throw new Error(`must be a time span such as 5, 500ms or 1min 30s, got ${text}`);
  }
  return total;
}
