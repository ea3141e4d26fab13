import { parseArgs } from "node:util";
import { FULL, LAYERS, type LayerName, type Pace, QUICK } from "./plan";

export interface Options {
  pace: Pace;
  layers: readonly LayerName[];
  /** What clients that modify nothing ask for. */
  page: "/page" | "/whole";
  isJson: boolean;
}

export const USAGE = `usage: npm run bench:sessions -- [options]
  --quick            about a minute; the numbers of two short rounds say little
  --json             the results as JSON instead of tables
  --layers a,b       of ${LAYERS.join(", ")} (default: all)
  --whole            pages that need every key of the session, not only its user and a counter
  --rounds n         default ${FULL.rounds}, with --quick ${QUICK.rounds}
`;

/** @throws Error for a person */
export function optionsOf(argv: readonly string[]): Options | "help" {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      whole: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      layers: { type: "string", default: LAYERS.join(",") },
      rounds: { type: "string" },
    },
  });
  if (values.help) return "help";
  const pace = values.quick ? QUICK : FULL;
  const rounds = Number(values.rounds ?? pace.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) throw new Error(`--rounds: must be 1-100, got ${values.rounds}`);
  return { pace: { ...pace, rounds }, layers: values.layers.split(",").map(layerOf), page: values.whole ? "/whole" : "/page", isJson: values.json };
}

function layerOf(name: string): LayerName {
  const layer = LAYERS.find((one) => one === name);
  if (layer === undefined) throw new Error(`--layers: must be some of ${LAYERS.join(", ")}, got ${name}`);
  return layer;
}
