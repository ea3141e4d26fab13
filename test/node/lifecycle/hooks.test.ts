import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:http";
import { AutoScalingHooks } from "../../../node/lifecycle/hooks";
import { ReleaseBucket } from "../../../node/release/download";
import { Secret } from "../../../node/secrets/secret";

/** The SDK's own clients against a stand-in on loopback, found by the SDK's own variable. */
describe("what the node asks of AWS", () => {
  let server: Server;
  let asked: { url: string; body: string }[];
  let answer: { status: number; type: string; body: string };
  const environment = { ...process.env };

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      request.on("end", () => {
        asked.push({ url: request.url ?? "", body });
        response.writeHead(answer.status, { "content-type": answer.type }).end(answer.body);
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.AWS_ACCESS_KEY_ID = "id";
    process.env.AWS_SECRET_ACCESS_KEY = "secret";
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => {
    process.env = environment;
    server.closeAllConnections();
    server.close();
  });

  const xmlError = (code: string, message: string) =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

  test("a hook is completed by group, instance and name", async () => {
    answer = {
      status: 200,
      type: "text/xml",
      body: "<CompleteLifecycleActionResponse><CompleteLifecycleActionResult/></CompleteLifecycleActionResponse>",
    };
    expect(await new AutoScalingHooks("us-east-1", "nplus1-lab-0123", "i-1").complete("ready", "CONTINUE")).toBe(true);
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toMatchObject({
      Action: "CompleteLifecycleAction",
      AutoScalingGroupName: "nplus1-lab-0123",
      InstanceId: "i-1",
      LifecycleHookName: "ready",
      LifecycleActionResult: "CONTINUE",
    });
  });

  test("a group that does not wait is no error", async () => {
    answer = { status: 400, type: "text/xml", body: xmlError("ValidationError", "No active Lifecycle Action found with instance ID i-1") };
    expect(await new AutoScalingHooks("us-east-1", "g", "i-1").complete("ready", "CONTINUE")).toBe(false);
  });

  test("fails when the group refuses for another reason", async () => {
    answer = { status: 400, type: "text/xml", body: xmlError("ValidationError", "Group g not found") };
    await expect(new AutoScalingHooks("us-east-1", "g", "i-1").complete("ready", "CONTINUE")).rejects.toThrow("Group g not found");
  });

  test("a release that is not there is refused, not tried again", async () => {
    answer = { status: 404, type: "application/xml", body: "<Error><Code>NoSuchKey</Code><Message>no</Message></Error>" };
    await expect(new ReleaseBucket("us-east-1", "rel").open("a".repeat(64))).rejects.toMatchObject({
      name: "Refused",
      message: `s3://rel/releases/${"a".repeat(64)}.tar: no such object`,
    });
  });

  test("a secret is read anew each time", async () => {
    const token = new Secret("us-east-1", "arn:aws:secretsmanager:us-east-1:123456789012:secret:t");
    for (const value of ["one", "two"]) {
      answer = { status: 200, type: "application/x-amz-json-1.1", body: JSON.stringify({ SecretString: value }) };
      expect(await token.read()).toBe(value);
    }
  });
});
