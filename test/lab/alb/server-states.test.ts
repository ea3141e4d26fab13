import fc from "fast-check";
import { type Admin, type ServerStates, serverCommands, serverStates } from "../../../lab/alb/server-states";
import { serverName } from "../../../lab/alb/names";
import { desired, GROUP, targetGroup } from "./desired";

const states = fc
  .dictionary(fc.constantFrom("b/1", "b/2", "b/3", "c/1"), fc.constantFrom<Admin>("ready", "maint"))
  .map((record): ServerStates => new Map(Object.entries(record).map(([name, admin]) => [name, { admin, declaration: `${name}:80` }])));

/** What a worker has after the commands. */
function run(from: ServerStates, commands: readonly string[]): Map<string, Admin> {
  const servers = new Map([...from].map(([name, { admin }]) => [name, admin]));
  for (const command of commands) {
    const [verb, what, name = "", , admin] = command.split(" ");
    if (`${verb} ${what}` === "add server") servers.set(name, "maint");
    if (`${verb} ${what}` === "set server") servers.set(name, admin as Admin);
    if (`${verb} ${what}` === "del server") {
      expect(servers.get(name)).toBe("maint");
      servers.delete(name);
    }
  }
  return servers;
}

test("the commands lead from any state to any other, and none are needed to stay", () => {
  fc.assert(
    fc.property(states, states, (from, to) => {
      expect(run(from, serverCommands(from, to))).toEqual(new Map([...to].map(([name, { admin }]) => [name, admin])));
      expect(serverCommands(to, to)).toEqual([]);
    }),
  );
});

test("a group that has a target before and after has one at every moment between", () => {
  const ready = (servers: Map<string, Admin>) => [...servers].filter(([name, admin]) => name.startsWith("b/") && admin === "ready").length;
  fc.assert(
    fc.property(states, states, (from, to) => {
      const commands = serverCommands(from, to);
      const between = commands.map((_, index) => ready(run(from, commands.slice(0, index))));
      if (between.length > 0 && between[0] !== 0 && ready(run(from, commands)) !== 0) expect(Math.min(...between)).toBeGreaterThan(0);
    }),
  );
});

test("a target that gets no requests is in maintenance, where it finishes what it has", () => {
  const targets = [
    { id: "i-a", ip: "10.0.1.4", port: 8080, draining: false },
    { id: "i-b", ip: "10.0.1.5", port: 8080, draining: true },
  ];
  const [a, b] = targets.map((target) => serverName(GROUP, target));

  const found = serverStates(desired({ targetGroups: [targetGroup({ targets, protocol: "HTTPS" })] }), new Set([a ?? ""]));

  expect(found).toEqual(
    new Map([
      [`tg-8389f6b1a07e/${a}`, { admin: "ready", declaration: "10.0.1.4:8080 pool-purge-delay 5s ssl verify none" }],
      [`tg-8389f6b1a07e/${b}`, { admin: "maint", declaration: "10.0.1.5:8080 pool-purge-delay 5s ssl verify none" }],
    ]),
  );
});
