import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { InstanceMetadata } from "../../../node/identity/imds";

describe("the instance metadata", () => {
  let server: Server;
  let asked: string[];
  let tokens: number;
  let valid: string;
  let facts: Record<string, string>;
  let metadata: InstanceMetadata;

  beforeEach(async () => {
    asked = [];
    tokens = 0;
    facts = { "instance-id": "i-0abc", "placement/availability-zone": "us-east-1b", "local-ipv4": "10.20.1.7\n" };
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.method === "PUT") {
        tokens += 1;
        valid = `token-${tokens}`;
        expect(request.headers["x-aws-ec2-metadata-token-ttl-seconds"]).toBe("21600");
        return response.end(valid);
      }
      if (request.headers["x-aws-ec2-metadata-token"] !== valid) return response.writeHead(401).end();
      const fact = facts[request.url?.replace("/latest/meta-data/", "") ?? ""];
      return fact === undefined ? response.writeHead(404).end() : response.end(fact);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    metadata = new InstanceMetadata(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test("tells id, zone and address, with a token", async () => {
    expect(await metadata.identity()).toEqual({ id: "i-0abc", zone: "us-east-1b", ip: "10.20.1.7" });
  });

  test("keeps its token, and asks for one new one when that is refused", async () => {
    await metadata.targetLifecycleState();
    await metadata.targetLifecycleState();
    expect(tokens).toBe(1);
    valid = "another";
    facts["autoscaling/target-lifecycle-state"] = "Terminated";
    expect(await metadata.targetLifecycleState()).toBe("Terminated");
    expect(tokens).toBe(2);
  });

  test("has no target state outside a group", async () => {
    expect(await metadata.targetLifecycleState()).toBeUndefined();
    expect(asked).toEqual(["PUT /latest/api/token", "GET /latest/meta-data/autoscaling/target-lifecycle-state"]);
  });

  test("fails when a part of the identity is missing", async () => {
    delete facts["local-ipv4"];
    await expect(metadata.identity()).rejects.toThrow("instance metadata/local-ipv4: must be there, got 404");
  });
});
