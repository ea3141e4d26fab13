import fc from "fast-check";
import type { Group, Member } from "../../../../lab/cloud/auto-scaling/group";
import { plan, type Step } from "../../../../lab/cloud/auto-scaling/plan";

const NOW = 1_000_000;
const TEMPLATE = { id: "lt-1", name: "", version: "1" };
const SUBNETS = ["subnet-a", "subnet-b", "subnet-c"];

const group = (over: Partial<Group> = {}): Group => ({
  name: "shop",
  arn: "arn",
  min: 0,
  max: 10,
  desired: 3,
  subnetIds: SUBNETS.slice(0, 2),
  launchTemplate: TEMPLATE,
  targetGroupArns: [],
  healthCheckType: "EC2",
  graceSeconds: 0,
  maintenance: { minPercent: 100, maxPercent: 200 },
  hooks: [],
  tags: [],
  createdAt: 0,
  cooldownSeconds: 300,
  protectsNew: false,
  kept: {},
  terminationPolicies: ["Default"],
  metrics: [],
  suspended: new Set(),
  deleting: false,
  launching: [],
  nextLaunchAt: 0,
  failures: 0,
  ...over,
});

const member = (id: string, over: Partial<Member> = {}): Member => ({
  id,
  group: "shop",
  zone: "us-east-1a",
  subnetId: "subnet-a",
  launchTemplate: TEMPLATE,
  state: "InService",
  healthy: true,
  dead: false,
  sickness: "",
  launchedAt: 0,
  inServiceAt: 0,
  protectedFromScaleIn: false,
  registered: new Set(),
  waits: [],
  ...over,
});

const launchesIn = (steps: readonly Step[]): string[] => steps.flatMap((step) => (step.kind === "launch" ? [step.subnetId] : [])).sort();
const terminated = (steps: readonly Step[]): string[] => steps.flatMap((step) => (step.kind === "terminate" ? [step.memberId] : [])).sort();

const a = member("i-1");
const b = member("i-2", { subnetId: "subnet-b" });
const c = member("i-3");
const sick = { healthy: false };

test.each<[string, Group, Member[], string[], string[]]>([
  ["an empty group launches its desired capacity, spread over the subnets", group(), [], ["subnet-a", "subnet-a", "subnet-b"], []],
  ["a full group does nothing", group(), [a, b, c], [], []],
  ["a launching member counts", group(), [a, b, member("i-3", { state: "Pending:Wait" })], [], []],
  ["a leaving member does not count", group(), [a, b, member("i-3", { state: "Terminating:Wait" })], ["subnet-a"], []],
  ["the emptiest subnet gets the replacement", group(), [a, c, member("i-2", { ...sick, dead: true, subnetId: "subnet-b" })], ["subnet-b"], ["i-2"]],
  ["with a maintenance policy a sick member stays until its replacement serves", group(), [a, b, { ...c, ...sick }], ["subnet-a"], []],
  ["and goes when it does", group(), [a, b, { ...c, ...sick }, member("i-4")], [], ["i-3"]],
  ["and stays while the replacement waits in its hook", group(), [a, b, { ...c, ...sick }, member("i-4", { state: "Pending:Wait" })], [], []],
  [
    "a policy without room to launch first lets the sick one go first",
    group({ maintenance: { minPercent: 100, maxPercent: 110 } }),
    [a, b, { ...c, ...sick }],
    [],
    ["i-3"],
  ],
  ["without a policy a sick member goes first", group({ maintenance: undefined }), [a, b, { ...c, ...sick }], [], ["i-3"]],
  ["a smaller group lets go of one in the subnet that has most", group({ desired: 2 }), [a, b, c], [], ["i-1"]],
  [
    "there the one of the older launch template",
    group({ desired: 2, launchTemplate: { ...TEMPLATE, version: "2" } }),
    [{ ...a, launchTemplate: { ...TEMPLATE, version: "2" } }, b, c],
    [],
    ["i-3"],
  ],
  ["after a failed launch nothing is launched before its time", group({ nextLaunchAt: NOW + 1 }), [a, b], [], []],
  ["a launch under way counts, where it goes", group({ desired: 2, launching: ["subnet-a"] }), [], ["subnet-b"], []],
  ["a replacement under way is not launched again", group({ launching: ["subnet-a"] }), [a, b, { ...c, ...sick }], [], []],
  ["a member on standby does not count and stays", group(), [a, b, c, member("i-4", { state: "Standby" })], [], []],
  ["a deleted group lets go of those on standby too", group({ deleting: true }), [a, member("i-4", { state: "Standby" })], [], ["i-1", "i-4"]],
  [
    "who is protected from scale-in stays, and the next of the line goes",
    group({ desired: 2 }),
    [{ ...a, protectedFromScaleIn: true }, b, c],
    [],
    ["i-3"],
  ],
  [
    "a group of protected members stays larger than desired",
    group({ desired: 1 }),
    [a, b].map((one) => ({ ...one, protectedFromScaleIn: true })),
    [],
    [],
  ],
  ["protection does not save the sick", group({ maintenance: undefined }), [a, b, { ...c, ...sick, protectedFromScaleIn: true }], [], ["i-3"]],
  ["a suspended ReplaceUnhealthy replaces nobody", group({ suspended: new Set(["ReplaceUnhealthy"]) }), [a, b, { ...c, ...sick }], [], []],
  ["a suspended Terminate lets nobody go", group({ desired: 1, suspended: new Set(["Terminate"]) }), [a, b, { ...c, ...sick }], [], []],
  ["a suspended Launch launches nothing", group({ suspended: new Set(["Launch"]) }), [a, b], [], []],
  ["a deleted group lets all go", group({ deleting: true }), [a, b, c], [], ["i-1", "i-2", "i-3"]],
])("%s", (_, wanted, members, launches, terminations) => {
  const steps = plan(wanted, members, NOW);

  expect(launchesIn(steps)).toEqual(launches);
  expect(terminated(steps)).toEqual(terminations);
});

test("the causes are told in AWS's words", () => {
  const causes = (wanted: Group, members: Member[]) => plan(wanted, members, NOW).map((step) => step.cause);
  const difference = "in response to a difference between desired and actual capacity";

  expect(causes(group({ desired: 2 }), [])).toEqual([
    `an instance was started ${difference}, increasing the capacity from 0 to 1`,
    `an instance was started ${difference}, increasing the capacity from 1 to 2`,
  ]);
  expect(causes(group(), [a, b, { ...c, ...sick }])).toEqual([
    "an instance was launched in response to an unhealthy instance needing to be replaced",
  ]);
  expect(causes(group(), [a, b, { ...c, ...sick, sickness: "a user health-check" }, member("i-4")])).toEqual([
    "an instance was taken out of service in response to a user health-check",
  ]);
  expect(causes(group({ desired: 2 }), [a, b, c])).toEqual([
    `an instance was taken out of service ${difference}, shrinking the capacity from 3 to 2`,
  ]);
});

const maintenance = fc.oneof(
  fc.constant(undefined),
  fc.constant({ minPercent: 100, maxPercent: 200 }),
  fc
    .record({ minPercent: fc.integer({ min: 0, max: 100 }), maxPercent: fc.integer({ min: 100, max: 200 }) })
    .filter((one) => one.maxPercent - one.minPercent <= 100),
);

const anyGroup = fc
  .record({ desired: fc.integer({ min: 0, max: 8 }), subnets: fc.integer({ min: 1, max: 3 }), maintenance })
  .map(({ desired, subnets, maintenance: policy }) => group({ desired, maintenance: policy, subnetIds: SUBNETS.slice(0, subnets) }));

const anyMember = fc.record({
  subnet: fc.nat(2),
  state: fc.constantFrom<Member["state"]>("Pending:Wait", "InService", "InService", "InService", "Terminating:Wait"),
  health: fc.constantFrom("healthy", "healthy", "sick", "dead"),
});

const anyMembers = (wanted: Group) =>
  fc.array(anyMember, { maxLength: 12 }).map((all) =>
    all.map(({ subnet, state, health }, index) =>
      member(`i-${index}`, {
        state,
        subnetId: SUBNETS[subnet % wanted.subnetIds.length] ?? "",
        healthy: health === "healthy",
        dead: health === "dead",
        launchedAt: index,
      }),
    ),
  );

const anySituation = anyGroup.chain((wanted) => anyMembers(wanted).map((members) => ({ wanted, members })));

const serves = (one: Member): boolean => one.healthy && one.state === "InService";

/** What the group looks like when every step is done and every launched node serves. */
function after(wanted: Group, members: readonly Member[], round: number): Member[] {
  const steps = plan(wanted, members, NOW);
  const gone = new Set(terminated(steps));
  const launched = launchesIn(steps).map((subnetId, index) => member(`n-${round}-${index}`, { subnetId, launchedAt: 100 + round }));
  const ready = members.map((one) => (one.state === "Pending:Wait" ? { ...one, state: "InService" as const } : one));
  return [...ready.filter((one) => !gone.has(one.id) && !one.state.startsWith("Terminating")), ...launched];
}

describe("laws", () => {
  test("no replacement takes the serving members below the policy's minimum", () => {
    const noScaleIn = anySituation.filter(
      ({ wanted, members }) => members.filter((one) => one.healthy && !one.state.startsWith("Terminating")).length <= wanted.desired,
    );
    fc.assert(
      fc.property(noScaleIn, ({ wanted, members }) => {
        const gone = new Set(terminated(plan(wanted, members, NOW)));
        const served = members.filter(serves).length;
        const left = members.filter((one) => serves(one) && !gone.has(one.id)).length;
        const least = Math.ceil((wanted.desired * (wanted.maintenance?.minPercent ?? 0)) / 100);
        expect(left).toBeGreaterThanOrEqual(Math.min(served, least));
      }),
    );
  });

  test("launches never exceed the policy's maximum", () => {
    fc.assert(
      fc.property(anySituation, ({ wanted, members }) => {
        const launched = launchesIn(plan(wanted, members, NOW)).length;
        const alive = members.filter((one) => !one.dead && !one.state.startsWith("Terminating")).length;
        const most = Math.max(wanted.desired, Math.floor((wanted.desired * (wanted.maintenance?.maxPercent ?? 100)) / 100));
        if (launched > 0) expect(alive + launched).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("nothing is launched a second time while it is on its way", () => {
    fc.assert(
      fc.property(anySituation, ({ wanted, members }) => {
        const first = launchesIn(plan(wanted, members, NOW));
        fc.pre(first.length > 0);
        const under = { ...wanted, launching: first };
        expect(launchesIn(plan(under, members, NOW))).toEqual([]);
      }),
    );
  });

  test("a new group's zones differ by at most one", () => {
    fc.assert(
      fc.property(anyGroup, (wanted) => {
        const launched = launchesIn(plan(wanted, [], NOW));
        const counts = wanted.subnetIds.map((id) => launched.filter((one) => one === id).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(launched).toHaveLength(wanted.desired);
      }),
    );
  });

  test("every group comes to rest with its desired capacity, all of it healthy", () => {
    fc.assert(
      fc.property(anySituation, ({ wanted, members }) => {
        let now: Member[] = members;
        for (let round = 0; round < 30; round += 1) now = after(wanted, now, round);
        expect(now.filter(serves)).toHaveLength(wanted.desired);
        expect(plan(wanted, now, NOW)).toEqual([]);
      }),
    );
  });

  test("a group that is as it should be is left alone", () => {
    fc.assert(
      fc.property(anyGroup, (wanted) => {
        const members = Array.from({ length: wanted.desired }, (_, index) => member(`i-${index}`));
        expect(plan(wanted, members, NOW)).toEqual([]);
      }),
    );
  });
});
