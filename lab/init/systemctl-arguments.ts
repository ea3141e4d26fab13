export const VERBS = [
  "start",
  "stop",
  "restart",
  "try-restart",
  "reload",
  "enable",
  "disable",
  "daemon-reload",
  "is-active",
  "is-enabled",
  "is-failed",
  "reset-failed",
  "status",
  "show",
  "kill",
] as const;
export type Verb = (typeof VERBS)[number];

export interface SystemctlRequest {
  verb: Verb;
  units: string[];
  now: boolean;
  quiet: boolean;
  noBlock: boolean;
  valueOnly: boolean;
  properties: string[];
  signal: string;
  killWhom: "all" | "main";
}

const FLAGS: Readonly<Record<string, keyof Pick<SystemctlRequest, "now" | "quiet" | "noBlock" | "valueOnly"> | "ignored">> = {
  "--now": "now",
  "--quiet": "quiet",
  "-q": "quiet",
  "--no-block": "noBlock",
  "--value": "valueOnly",
  "--no-pager": "ignored",
  "--system": "ignored",
  "--full": "ignored",
  "-l": "ignored",
};

const VALUES: Readonly<Record<string, "property" | "signal" | "kill-whom">> = {
  "--property": "property",
  "-p": "property",
  "--signal": "signal",
  "-s": "signal",
  "--kill-whom": "kill-whom",
  "--kill-who": "kill-whom",
};

/** systemctl's words, as far as the lab's image has it. */
export function parseSystemctl(words: readonly string[]): SystemctlRequest {
  const request = {
    now: false,
    quiet: false,
    noBlock: false,
    valueOnly: false,
    properties: [] as string[],
    signal: "SIGTERM",
    killWhom: "all" as "all" | "main",
  };
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const [, long, assigned] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
    const flag = FLAGS[word];
    const taking = VALUES[long ?? word];
    if (flag !== undefined) {
      if (flag !== "ignored") request[flag] = true;
    } else if (taking !== undefined) {
      const value = assigned ?? words[++at] ?? "";
      if (taking === "property") request.properties.push(...value.split(","));
      else if (taking === "signal") request.signal = value.startsWith("SIG") ? value : `SIG${value}`;
      else request.killWhom = value === "main" ? "main" : "all";
    } else if (word.startsWith("-")) {
      throw new Error(`systemctl: the lab's image does not have the option ${word}`);
    } else {
      rest.push(word);
    }
  }
  const [name, ...units] = rest;
  const verb = VERBS.find((candidate) => candidate === name);
  if (verb === undefined) throw new Error(`systemctl: must be one of ${VERBS.join(", ")}, got ${name ?? "nothing"}`);
  if (units.length === 0 && verb !== "daemon-reload" && verb !== "reset-failed") throw new Error(`systemctl ${verb}: must name a unit`);
  return { verb, units, ...request };
}
