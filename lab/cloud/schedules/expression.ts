import { cronAfter, parseCron } from "./cron";
import { InvalidExpression } from "./invalid-expression";

export interface Expression {
  /** The first moment after this one; undefined: never again. `start` is when the schedule began. */
  after(moment: Date, start: Date): Date | undefined;
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * `rate(5 minutes)`, `cron(0 10 * * ? *)` or, for a schedule, `at(2026-11-24T10:00:00)`, in UTC.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @throws InvalidExpression
 */
export function parseExpression(text: string): Expression {
  const [, kind, inside = ""] = /^(rate|cron|at)\((.*)\)$/.exec(text) ?? [];
  switch (kind) {
    case "rate":
      return rate(inside);
    case "cron": {
      const fields = parseCron(inside);
      return { after: (moment) => cronAfter(fields, moment) };
    }
    case "at": {
      const at = new Date(`${inside}Z`);
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inside) || Number.isNaN(at.getTime()))
        throw new InvalidExpression(`at: must be yyyy-mm-ddThh:mm:ss, got ${inside}`);
      return { after: (moment) => (at > moment ? at : undefined) };
    }
    default:
      throw new InvalidExpression(`must be rate(…), cron(…) or at(…), got ${text}`);
  }
}

/** The unit is singular for 1 and plural otherwise. */
function rate(inside: string): Expression {
  const [, count = "", unit = "", plural] = /^(\d+) (minute|hour|day)(s)?$/.exec(inside) ?? [];
  const value = Number(count);
  if (value < 1 || (value === 1) === (plural !== undefined)) throw new InvalidExpression(`rate: must be like 1 minute or 5 minutes, got ${inside}`);
  const every = value * (UNITS[unit] ?? 0);
  return { after: (moment, start) => new Date(start.getTime() + (Math.floor((moment.getTime() - start.getTime()) / every) + 1) * every) };
}
