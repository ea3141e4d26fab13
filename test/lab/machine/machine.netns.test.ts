import { existsSync, readdirSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { describeWorlds } from "./describe-worlds";
import { InnerWorld } from "./inner-world";
import { ALB_IP, EGRESS_IP, eni, network, vpc } from "./sample-network";

jest.setTimeout(60_000);

const OUTSIDE = "203.0.113.80";
const get = (url: string, ...more: string[]): string[] => ["curl", "-sS", "--max-time", "2", "--connect-timeout", "1", ...more, url];

/** What curl says of a connection that nobody answered, or that was refused on the way. */
const CURL_NO_CONNECTION = [7, 28];

/** What this machine shows of a lab: other labs may come and go meanwhile, so only traces that this one would leave. */
const tracesOnHost = (folder: string) => ({
  netns: (existsSync("/run/netns") ? readdirSync("/run/netns") : []).filter((name) => /^(node-[abc]|vpc-[12]|alb-1|store|outside)$/.test(name)),
  mounts: readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => line.includes(folder)),
  tables: process.getuid?.() === 0 ? execFileSync("nft", ["list", "tables"], { encoding: "utf8" }).match(/ip (vpc|nat|internet)$/gm) : null,
  links: execFileSync("ip", ["-o", "link"], { encoding: "utf8" }).match(/ ([ev][0-9a-f]{12}|outside)[@:]/g),
});

describeWorlds((privilege) => {
  let world: InnerWorld;

  beforeAll(async () => {
    world = new InnerWorld(privilege);
    const since = Date.now();
    await world.call("start");
    process.stderr.write(`as ${privilege}: start ${Date.now() - since} ms\n`);
    const ms = await world.call<number>("network", network(vpc()));
    process.stderr.write(`as ${privilege}: first applyNetwork, 7 interfaces: ${ms} ms\n`);
    for (const netns of ["node-a", "node-b", "store", "alb-1"]) {
      for (const port of netns === "store" ? [6379] : netns === "alb-1" ? [80] : [8080, 8081]) await world.call("listen", netns, port, netns);
    }
  });

  afterAll(() => world.end());

  test("a node's packets reach the outside with the Elastic IP as their source", async () => {
    for (const node of ["node-a", "node-b"]) {
      const { output } = await world.run(node, get(`http://${OUTSIDE}/`));
      expect(JSON.parse(output)).toEqual({ sourceAddress: EGRESS_IP });
    }
    expect((await world.run("node-a", get(`http://${OUTSIDE}/`, "-H", "accept: text/plain"))).output).toBe(`${EGRESS_IP}\n`);
  });

  test("the outside cannot open a connection to a node, the store or the NAT gateway", async () => {
    for (const address of ["10.0.2.5:8080", "10.0.2.9:6379", `${EGRESS_IP}:8080`, `${ALB_IP}:8080`]) {
      const { code } = await world.run("outside", get(`http://${address}/`));
      expect(CURL_NO_CONNECTION).toContain(code);
    }
  });

  test("the outside reaches the load balancer at its public address", async () => {
    const { output } = await world.run("outside", get(`http://${ALB_IP}/`));
    expect(output).toBe(`alb-1 ${`::ffff:${OUTSIDE}`}`);
  });

  test("the load balancer reaches a node on the gate's port only, from either of its zones", async () => {
    for (const source of ["10.0.0.20", "10.0.1.20"]) {
      const open = await world.run("alb-1", get("http://10.0.2.5:8080/", "--interface", source));
      expect(open.output).toBe(`node-a ::ffff:${source}`);
      const closed = await world.run("alb-1", get("http://10.0.2.5:8081/", "--interface", source));
      expect(CURL_NO_CONNECTION).toContain(closed.code);
    }
    expect(CURL_NO_CONNECTION).toContain((await world.run("alb-1", get("http://10.0.2.9:6379/"))).code);
  });

  test("nodes reach each other's gate and the store, in the same subnet and in another, and no other port", async () => {
    expect((await world.run("node-c", get("http://10.0.2.5:8080/"))).output).toBe("node-a ::ffff:10.0.2.6");
    expect((await world.run("node-a", get("http://10.0.3.5:8080/"))).output).toBe("node-b ::ffff:10.0.2.5");
    expect((await world.run("node-a", get("http://10.0.2.9:6379/"))).output).toBe("store ::ffff:10.0.2.5");
    expect(CURL_NO_CONNECTION).toContain((await world.run("node-c", get("http://10.0.2.5:8081/"))).code);
  });

  test("S3 is reached through the gateway endpoint without a NAT gateway, the rest of AWS is not", async () => {
    expect((await world.run("node-a", get("http://52.119.0.10/"))).output).toBe(`52.119.0.10 ${EGRESS_IP}`);
    await world.call("network", network(vpc({ natGateways: [] })));
    expect((await world.run("node-a", get("http://52.216.0.10/"))).output).toBe("52.216.0.10 169.254.0.2");
    expect((await world.run("node-a", get("http://52.119.0.10/"))).code).toBe(28);
    expect((await world.run("node-a", get(`http://${OUTSIDE}/`))).code).toBe(28);
    await world.call("network", network(vpc()));
    expect((await world.run("node-a", get(`http://${OUTSIDE}/`))).output).toContain(EGRESS_IP);
  });

  test("a second VPC with the same addresses has its own network and its own way out", async () => {
    const second = vpc({
      id: "vpc-2",
      natGateways: [{ id: "nat-2", subnetId: "public-a", privateIp: "10.0.0.10", publicIp: "54.10.0.9" }],
      securityGroups: vpc().securityGroups,
      enis: [eni("eni-other", "private-a", "10.0.2.5", ["sg-node"])],
      routeTables: vpc().routeTables.map((table) => ({
        ...table,
        routes: table.routes.map((route) => (route.target === "nat-gateway" ? { ...route, natGatewayId: "nat-2" } : route)),
      })),
    });
    await world.call("network", network(vpc(), second));
    expect((await world.run("other", get(`http://${OUTSIDE}/`))).output).toContain("54.10.0.9");
    expect((await world.run("node-a", get(`http://${OUTSIDE}/`))).output).toContain(EGRESS_IP);
    expect((await world.run("other", get("http://52.216.0.10/"))).output).toBe("52.216.0.10 169.254.0.6");
    await world.call("network", network(vpc()));
    const { output } = await world.run(null, ["ls", "/run/netns"]);
    expect(
      output
        .split("\n")
        .filter((name) => name !== "")
        .sort(),
    ).toEqual(["alb-1", "functions", "nat-1", "node-a", "node-b", "node-c", "outside", "store", "vpc-1"]);
  });

  test("applications of the network do not disturb flows of what stays", async () => {
    // One connection, used before, during and after the changes: a second one would show as a second port.
    const script = `const http = require("node:http"); const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const ports = new Set(); let answers = 0; const until = Date.now() + 1500;
      const ask = () => http.get({ host: "${OUTSIDE}", agent, timeout: 1000 }, (r) => { ports.add(r.socket.localPort); r.resume().on("end", () => {
        answers++; Date.now() < until ? setTimeout(ask, 10) : (console.log(JSON.stringify({ ports: ports.size, many: answers > 20 })), agent.destroy()); }); });
      ask();`;
    const flow = world.run("node-a", ["node", "-e", script], 10_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const same = await world.call<number>("network", network(vpc()));
    const smaller = await world.call<number>("network", network(vpc({ enis: vpc().enis.filter(({ id }) => id !== "eni-node-c") })));
    const again = await world.call<number>("network", network(vpc()));
    process.stderr.write(`as ${privilege}: applyNetwork unchanged ${same} ms, one interface less ${smaller} ms, one more ${again} ms\n`);
    expect(JSON.parse((await flow).output)).toEqual({ ports: 1, many: true });
  });

  test("an interface that someone deleted is there again after the next application", async () => {
    const works = async () => expect((await world.run("node-c", get("http://10.0.2.5:8080/"))).output).toBe("node-a ::ffff:10.0.2.6");
    await world.run(null, ["ip", "netns", "del", "node-c"]);
    await world.call("network", network(vpc()));
    await works();
    await world.run("node-c", ["ip", "link", "del", "eth0"]);
    await world.call("network", network(vpc()));
    await works();
  });

  test("after a crash of the inner world nothing is left on this machine", async () => {
    await world.call("boot", { id: "i-2", netns: "node-b", privateIp: "10.0.3.5", userData: "#!/bin/sh\nsleep 1000 &\n" });
    const processes = world.processes();
    expect(processes.length).toBeGreaterThan(10);
    await world.crash();
    const left = () => processes.filter((pid) => existsSync(`/proc/${pid}`));
    for (let looks = 100; left().length > 0 && looks > 0; looks--) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(left()).toEqual([]);
    expect(tracesOnHost(world.labDir)).toEqual({ netns: [], mounts: [], tables: null, links: null });
  });
});
