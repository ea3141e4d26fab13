import { renderGateConfig } from "../../../node/gate/gate-config";

const args = {
  nodeId: "i-0abc",
  address: "10.20.1.7",
  gatePort: 8080,
  hopPort: 8083,
  agentPort: 8081,
  appPort: 8082,
  luaFile: "/opt/nplus1/runtime/gate.lua",
  socketPath: "/run/nplus1-gate/gate.sock",
  innerPath: "/run/nplus1-gate/inner.sock",
};

test("the gate's configuration is the same text for the same node", () => {
  expect(renderGateConfig(args)).toMatchSnapshot();
});

test("the gate listens on the node's own address and forwards to loopback alone", () => {
  const lines = renderGateConfig(args)
    .split("\n")
    .map((line) => line.trim());
  expect(lines.filter((line) => line.startsWith("bind "))).toEqual([
    "bind 10.20.1.7:8080",
    "bind unix@/run/nplus1-gate/inner.sock mode 600",
    "bind 10.20.1.7:8083",
  ]);
  const servers = lines.filter((line) => line.startsWith("server ")).map((line) => line.split(" ").slice(1, 3).join(" "));
  expect(new Set(servers.filter((server) => !server.startsWith("peer")))).toEqual(
    new Set(["inner unix@/run/nplus1-gate/inner.sock", "app 127.0.0.1:8082", "agent 127.0.0.1:8081"]),
  );
});

test("the valve and the count stand side by side, in one thread", () => {
  const lines = renderGateConfig(args)
    .split("\n")
    .map((line) => line.trim());
  expect(lines).toContain("nbthread 1");
  const valve = lines.indexOf("http-request lua.gate unless internal");
  expect(lines[valve + 1]).toMatch(/^http-request return status 503 .* unless internal or admitted or passed$/);
  expect(lines[valve + 2]).toBe("http-request track-sc0 str(all) table in_flight unless internal");
});
