import { InvalidExpression } from "./invalid-expression";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

interface Field {
  name: string;
  least: number;
  most: number;
  /** Names of its values, from the least. */
  words: readonly string[];
}

/** In their order. */
const FIELDS: readonly Field[] = [
  { name: "minutes", least: 0, most: 59, words: [] },
  { name: "hours", least: 0, most: 23, words: [] },
  { name: "day of month", least: 1, most: 31, words: [] },
  { name: "month", least: 1, most: 12, words: MONTHS },
  { name: "day of week", least: 1, most: 7, words: DAYS },
  { name: "year", least: 1970, most: 2199, words: [] },
];

/** The values that each field lets. */
export interface Cron {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  daysOfMonth: ReadonlySet<number>;
  months: ReadonlySet<number>;
  /** 1 is Sunday. */
  daysOfWeek: ReadonlySet<number>;
  years: ReadonlySet<number>;
}

/** Without the wildcards L, W and #, which the lab does not know. @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
export function parseCron(text: string): Cron {
  const words = text.trim().split(/\s+/);
  if (words.length !== FIELDS.length) throw new InvalidExpression(`cron: must have 6 fields, got ${words.length}`);
  if ((words[2] === "?") === (words[4] === "?")) throw new InvalidExpression("cron: must have ? in one of day of month and day of week");
  const [minutes, hours, daysOfMonth, months, daysOfWeek, years] = FIELDS.map((field, index) => valuesOf(words[index] ?? "", field));
  if (!minutes || !hours || !daysOfMonth || !months || !daysOfWeek || !years) throw new InvalidExpression("cron: must have 6 fields");
  return { minutes, hours, daysOfMonth, months, daysOfWeek, years };
}

function valuesOf(text: string, field: Field): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [, from = "", to, step] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const isAll = from === "*" || from === "?";
    const first = isAll ? field.least : numberOf(from, field);
    const last = to !== undefined ? numberOf(to, field) : isAll || step !== undefined ? field.most : first;
    const by = Number(step ?? 1);
    if (by < 1 || last < first) throw new InvalidExpression(`cron: ${field.name} must be ${field.least}-${field.most}, got ${part}`);
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}

function numberOf(text: string, { name, least, most, words }: Field): number {
  const word = words.indexOf(text.toUpperCase());
  const value = word === -1 ? Number(text) : word + least;
  if (/^\d+$/.test(text) || word !== -1) if (value >= least && value <= most) return value;
  throw new InvalidExpression(`cron: ${name} must be ${least}-${most}, got ${text}`);
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The first minute after a moment that fits; undefined when there is none within the years it lets. */
export function cronAfter(cron: Cron, moment: Date): Date | undefined {
  const lastYear = Math.max(...cron.years);
  let time = Math.floor(moment.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  for (;;) {
    const at = new Date(time);
    if (at.getUTCFullYear() > lastYear) return undefined;
    const isDay =
      cron.years.has(at.getUTCFullYear()) &&
      cron.months.has(at.getUTCMonth() + 1) &&
      cron.daysOfMonth.has(at.getUTCDate()) &&
      cron.daysOfWeek.has(at.getUTCDay() + 1);
    if (!isDay) time = Math.floor(time / DAY_MS) * DAY_MS + DAY_MS;
    else if (cron.hours.has(at.getUTCHours()) && cron.minutes.has(at.getUTCMinutes())) return at;
    else time += MINUTE_MS;
  }
}
