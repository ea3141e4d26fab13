import { z } from "zod";
import { create, InitFailed, previewCreate, previewUpdate, read, remove, update } from "../../../lab/provider/lifecycle";
import { Unknown } from "../../../lab/provider/property-values";
import { type Call, regionalResource } from "../../../lab/provider/resource";

const call = { region: "us-east-1" } as Call;
const gone = Object.assign(new Error("gone"), { name: "ThingNotFoundException" });

const thing = (behaviour: { settle?: () => Promise<void>; live?: () => Promise<Record<string, unknown> | undefined> } = {}) =>
  regionalResource({
    type: "test:Thing",
    inputs: z.strictObject({ size: z.int(), ports: z.array(z.int()).optional(), check: z.record(z.string(), z.number()).optional() }),
    onChange: { size: "update", ports: "update", check: "update" },
    unordered: ["ports"],
    computed: { arn: "stable", version: "changes" },
    create: async () => "thing-1",
    settle: behaviour.settle ?? (async () => {}),
    read: async () => {
      const live = behaviour.live ? await behaviour.live() : {};
      return live && { arn: "arn:1", version: 2, ...live };
    },
    delete: async () => {
      throw gone;
    },
  });

test("the state of a create is its inputs and what AWS computes", async () => {
  const made = await create(thing(), { size: 1, __defaults: ["name"] }, call);
  expect(made).toEqual({ id: "thing-1", state: { size: 1, arn: "arn:1", version: 2, region: "us-east-1" } });
});

test("a create that fails after it made something keeps its id and state", async () => {
  const resource = thing({ settle: () => Promise.reject(new Error("never became ready")) });
  const failed = await create(resource, { size: 1 }, call).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(InitFailed);
  expect(failed).toMatchObject({ id: "thing-1", message: "never became ready", state: { size: 1, arn: "arn:1" } });
});

test("an update that fails in its wait keeps the new state", async () => {
  const resource = thing({ settle: () => Promise.reject(new Error("never became ready")) });
  const failed = await update(resource, "thing-1", { olds: { size: 1 }, news: { size: 2 }, state: {} }, call).catch((error: unknown) => error);
  expect(failed).toMatchObject({ name: "InitFailed", id: "thing-1", state: { size: 2 } });
});

test("AWS's own order and its additions are no drift", async () => {
  const inputs = { size: 1, ports: [1, 2], check: { interval: 5 } };
  const live = async () => ({ size: 1, ports: [2, 1], check: { interval: 5, timeout: 3 } });
  const found = await read(thing({ live }), "thing-1", inputs, { ...inputs, arn: "arn:1" }, call);
  expect(found?.inputs).toEqual(inputs);
  expect(found?.state).toMatchObject(inputs);
});

test("what changed outside shows in inputs and state", async () => {
  const inputs = { size: 1, __defaults: ["name"] };
  const found = await read(thing({ live: async () => ({ size: 3 }) }), "thing-1", inputs, { size: 1 }, call);
  expect(found).toEqual({ inputs: { size: 3, __defaults: ["name"] }, state: { size: 3, arn: "arn:1", version: 2, region: "us-east-1" } });
});

test("an import takes its inputs from what is there", async () => {
  const found = await read(thing({ live: async () => ({ size: 3 }) }), "thing-1", {}, {}, call);
  expect(found?.inputs).toEqual({ size: 3, region: "us-east-1" });
});

test("what is gone reads as gone and deletes as done", async () => {
  const resource = thing({ live: () => Promise.reject(gone) });
  expect(await read(resource, "thing-1", { size: 1 }, { size: 1 }, call)).toBeUndefined();
  await expect(remove(resource, "thing-1", {}, call)).resolves.toBeUndefined();
});

test("fails to delete when something else was not found", async () => {
  await expect(remove(thing(), "thing-1", {}, call)).rejects.toThrow("gone");
});

test("a preview echoes inputs and leaves unknown what AWS will compute", () => {
  expect(previewCreate(thing(), { size: 1 })).toEqual({ size: 1, arn: Unknown.value, version: Unknown.value });
  expect(previewUpdate(thing(), { size: 1, arn: "arn:1", version: 2 }, { size: 2 })).toEqual({ size: 2, arn: "arn:1", version: Unknown.value });
});
