import { userData } from "../../infra/user-data";

const digest = "a".repeat(64);
const text = userData({
  runtimeDigest: "b".repeat(64),
  config: {
    stack: "prod",
    region: "us-east-1",
    release: digest,
    releasesBucket: "releases-1234567",
    settingsBucket: "settings-1234567",
    backupsBucket: "backups-1234567",
    sessionStore: {
      primaryHost: "master.example",
      readerHost: "replica.example",
      port: 6379,
      authSecretArn: "arn:aws:secretsmanager:s",
      cookieSecretArn: "arn:aws:secretsmanager:c",
    },
    sessions: {
      lifetimeMs: 86_400_000,
      memoryBytes: 67_108_864,
      maxSessionBytes: 262_144,
      durability: "memory",
      storeTimeoutMs: 2000,
      whenStoreAway: "serve",
    },
    autoScalingGroup: "nplus1-prod-aaaaaaaaaaaa",
    gatePort: 8080,
    n: 2,
  },
});

test("a node's first boot is this", () => {
  expect(text).toMatchSnapshot();
});

test("user data fits EC2's limit of 16 KB, and stops at the first failure", () => {
  expect(Buffer.byteLength(text)).toBeLessThan(16_384);
  expect(text.startsWith("#!/bin/bash\nset -euo pipefail\n")).toBe(true);
});

test("the runtime is verified before it is unpacked", () => {
  expect(text.indexOf("sha256sum --check")).toBeLessThan(text.indexOf("tar --extract"));
  expect(text).toContain(`echo '${"b".repeat(64)}  /opt/nplus1/runtime.tar' | sha256sum --check`);
});
