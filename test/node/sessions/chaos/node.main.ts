import type { Snapshot } from "../../../../node/sessions/model";
import { openSessions } from "../../../../node/sessions/open";
import { formatVersion, parseVersion } from "../../../../node/sessions/version";
import type { Answer, Ask, Requests } from "./protocol";

/** One node of the cluster: the core in a process of its own, worked by the test. Its options are its one argument. */
const sessions = openSessions(JSON.parse(process.argv[2] as string));

const json = (key: string, value: unknown): ReadonlyMap<string, string> => new Map([[key, JSON.stringify(value)]]);
const textOf = ({ version }: Snapshot): { version: string } => ({ version: formatVersion(version) });

async function needed(id: string, seen: string): Promise<Snapshot> {
  const snapshot = await sessions.read(id, parseVersion(seen));
  if (snapshot === undefined) throw Object.assign(new Error("there is no such session"), { code: "no-session" });
  return snapshot;
}

const requests: { [N in keyof Requests]: (...args: Parameters<Requests[N]>) => Promise<ReturnType<Requests[N]>> } = {
  async create(id, key, value) {
    return textOf(await sessions.create(id, json(key, value)));
  },
  async read(id, seen) {
    const snapshot = await sessions.read(id, parseVersion(seen));
    if (snapshot === undefined) return { version: "", values: null };
    const values = [...snapshot.fields].map(([key, field]): [string, string | number] => [key, JSON.parse(field.json)]);
    return { ...textOf(snapshot), values: Object.fromEntries(values) };
  },
  async write(id, seen, key, value) {
    return textOf(await sessions.merge(await needed(id, seen), { set: json(key, value), remove: new Set() }));
  },
  async add(id, seen, key) {
    let number = 0;
    await needed(id, seen);
    const after = await sessions.update(id, ({ fields }) => {
      number = Number(fields.get(key)?.json ?? 0) + 1;
      return { set: json(key, number), remove: new Set() };
    });
    return { ...textOf(after), number };
  },
  async destroy(id) {
    await sessions.destroy(id);
    const version = sessions.newest(id);
    return { version: version ? formatVersion(version) : "" };
  },
  async counters() {
    return sessions.counters;
  },
};

process.on("message", ({ number, name, args }: Ask) => {
  const answer = (rest: Partial<Answer>): void => void process.send?.({ number, ...rest });
  const work = (requests[name] as (...given: readonly string[]) => Promise<unknown>)(...args);
  work.then(
    (result) => answer({ result }),
    ({ code, message }: Error & { code?: string }) => answer({ code: code ?? "fault", message }),
  );
});
// The test is over, or dead.
process.on("disconnect", () => process.exit());
