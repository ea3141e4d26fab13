import { nodeConfigSchema } from "../../contract/node-config";
import type { StackConfig } from "../../infra/config";
import { sessionSettings, storeNodes } from "../../infra/session-settings";

const config = {
  sessionLifetimeMinutes: 30,
  sessionMemoryMiB: 64,
  sessionMaxKiB: 256,
  sessionDurability: "memory",
  sessionStoreTimeoutMs: 2000,
  sessionWhenStoreAway: "serve",
} as StackConfig;

test("nodes are told in milliseconds and bytes", () => {
  expect(sessionSettings(config)).toEqual({
    lifetimeMs: 1_800_000,
    memoryBytes: 67_108_864,
    maxSessionBytes: 262_144,
    durability: "memory",
    storeTimeoutMs: 2000,
    whenStoreAway: "serve",
  });
});

test.each([
  { sessionLifetimeMinutes: 1, sessionMemoryMiB: 8, sessionMaxKiB: 1, sessionStoreTimeoutMs: 100 },
  { sessionLifetimeMinutes: 525_600, sessionMemoryMiB: 65_536, sessionMaxKiB: 8192, sessionStoreTimeoutMs: 30_000 },
])("the ends of every range are ones that nodes take: %j", (ends) => {
  expect(() => nodeConfigSchema.shape.sessions.parse(sessionSettings({ ...config, ...ends }))).not.toThrow();
});

test("what waits for a replica has one more, so that one can be lost", () => {
  expect([storeNodes({ sessionDurability: "memory" }), storeNodes({ sessionDurability: "replica" })]).toEqual([2, 3]);
});
