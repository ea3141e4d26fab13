import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { z } from "zod";
import { type Call, globalResource } from "../../resource";
import { found, given } from "../found";

const inputs = z
  .strictObject({
    zoneId: z.string().regex(/^[A-Z0-9]{1,32}$/, "must be a hosted zone's id"),
    name: z.string().max(255),
    type: z.enum(["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"]),
    /** Seconds. */
    ttl: z.int().min(0).max(2_147_483_647).optional(),
    records: z.array(z.string().min(1).max(4_000)).min(1).max(400).optional(),
    aliases: z
      .array(z.strictObject({ name: z.string().min(1).max(255), zoneId: z.string().min(1).max(32), evaluateTargetHealth: z.boolean() }))
      .length(1)
      .optional(),
    allowOverwrite: z.boolean().optional(),
  })
  .refine((record) => (record.records === undefined) !== (record.aliases === undefined), "must have one of records and aliases")
  .refine((record) => (record.records === undefined) === (record.ttl === undefined), "must have a ttl exactly when it has records");

type RecordInputs = z.infer<typeof inputs>;

/** Simple routing only. */
export const record = globalResource({
  type: "aws:route53/record:Record",
  inputs,
  onChange: { zoneId: "replace", name: "replace", type: "replace", ttl: "update", records: "update", aliases: "update", allowOverwrite: "update" },
  unordered: ["records"],
  computed: { fqdn: "stable" },
  async create(inputs, call) {
    await change(inputs.allowOverwrite ? "UPSERT" : "CREATE", inputs, call);
    return `${inputs.zoneId}_${inputs.name.toLowerCase()}_${inputs.type}`;
  },
  async read(id, _, call) {
    const [zoneId = "", ...rest] = id.split("_");
    const [type = "", name = ""] = [rest.at(-1), rest.slice(0, -1).join("_")];
    const fqdn = await fullName(zoneId, name, call);
    const it = found(await find(zoneId, fqdn, type, call), `record ${id}`);
    return {
      zoneId,
      type: it.Type,
      ttl: it.TTL,
      records: it.ResourceRecords?.length ? it.ResourceRecords.map((one) => unquoted(type, given(one.Value, "Value"))) : undefined,
      aliases: it.AliasTarget && [
        {
          name: it.AliasTarget.DNSName?.replace(/\.$/, ""),
          zoneId: it.AliasTarget.HostedZoneId,
          evaluateTargetHealth: it.AliasTarget.EvaluateTargetHealth,
        },
      ],
      fqdn,
    };
  },
  async update(_, { news }, call) {
    await change("UPSERT", news, call);
  },
  async delete(_, state, call) {
    const it = await find(state.zoneId, await fullName(state.zoneId, state.name, call), state.type, call);
    if (it) await submit("DELETE", state.zoneId, it, call);
  },
});

async function change(action: "CREATE" | "UPSERT", inputs: RecordInputs, call: Call): Promise<void> {
  const alias = inputs.aliases?.[0];
  await submit(
    action,
    inputs.zoneId,
    {
      Name: await fullName(inputs.zoneId, inputs.name, call),
      Type: inputs.type,
      TTL: inputs.ttl,
      ResourceRecords: inputs.records?.map((value) => ({ Value: quoted(inputs.type, value) })),
      AliasTarget: alias && { DNSName: alias.name, HostedZoneId: alias.zoneId, EvaluateTargetHealth: alias.evaluateTargetHealth },
    },
    call,
  );
}

async function submit(Action: "CREATE" | "UPSERT" | "DELETE", zoneId: string, set: ResourceRecordSet, { aws, waitFor }: Call): Promise<void> {
  const { ChangeInfo } = await aws.route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: [{ Action, ResourceRecordSet: set }] } }),
  );
  const id = given(ChangeInfo?.Id, "ChangeInfo.Id");
  await waitFor(`record ${set.Name} to be in sync on all of Route 53`, 1800, async () => {
    const status = (await aws.route53.send(new GetChangeCommand({ Id: id }))).ChangeInfo?.Status;
    return status === "INSYNC" ? { done: true } : { seen: status ?? "nothing" };
  });
}

/** A name outside the zone is taken as relative to it. */
async function fullName(zoneId: string, name: string, { aws }: Call): Promise<string> {
  const { HostedZone } = await aws.route53.send(new GetHostedZoneCommand({ Id: zoneId }));
  const zone = (HostedZone?.Name ?? "").replace(/\.$/, "").toLowerCase();
  const bare = name.replace(/\.$/, "").toLowerCase();
  if (bare === "") return zone;
  return bare === zone || bare.endsWith(`.${zone}`) ? bare : `${bare}.${zone}`;
}

async function find(zoneId: string, fqdn: string, type: string, { aws }: Call): Promise<ResourceRecordSet | undefined> {
  const { ResourceRecordSets } = await aws.route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: fqdn, StartRecordType: type as "A", MaxItems: 1 }),
  );
  // Route 53 writes `*` as an octal escape.
  return ResourceRecordSets?.find((one) => one.Type === type && one.Name?.replace(/\.$/, "").replace("\\052", "*") === fqdn);
}

const quoted = (type: string, value: string): string => (type === "TXT" && !value.startsWith('"') ? `"${value}"` : value);
const unquoted = (type: string, value: string): string => (type === "TXT" ? value.replace(/^"|"$/g, "") : value);
