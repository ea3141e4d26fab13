import { AwsError } from "../aws-error";
import type { Result } from "../query-protocol";
import { createdGroup, modifiedGroup, refuseWhatIsNotInTheLab, resizedGroup } from "./group-parameters";
import { clusterXml, groupXml } from "./group-xml";
import type { LiveGroup } from "./live-group";
import { namedList, whole } from "./query-lists";
import type { StoreGroup } from "./store-group";

type Params = Readonly<Record<string, string>>;

export interface GroupStore {
  groups: ReadonlyMap<string, LiveGroup>;
  /** @throws when what it names does not exist */
  create(group: StoreGroup, params: Params): LiveGroup;
  /** Gone when it resolves; the answer does not wait. */
  remove(group: LiveGroup): void;
  /** Checks what the group names. */
  check(group: StoreGroup): void;
  made(): { suffix: string; at: string };
}

/** The replication group calls: moto makes no members, keeps deleted groups, and fails nothing over. */
export function groupAnswers(store: GroupStore): Record<string, Result> {
  const shown = (live: LiveGroup) => `<ReplicationGroup>${groupXml(live.view())}</ReplicationGroup>`;
  const change = (params: Params, to: (group: StoreGroup) => StoreGroup) => {
    const live = find(store, params);
    if (live.view().status !== "available") throw notAvailable(live);
    const group = to(live.group);
    store.check(group);
    void live.apply(group);
    return shown(live);
  };
  return {
    CreateReplicationGroup: async (params) => {
      const group = createdGroup(params, store.made());
      if (store.groups.has(group.id)) throw new AwsError("ReplicationGroupAlreadyExists", `Replication group ${group.id} already exists.`);
      store.check(group);
      return shown(store.create(group, params));
    },
    ModifyReplicationGroup: async (params) => change(params, (group) => modifiedGroup(group, params, store.made().at)),
    IncreaseReplicaCount: async (params) =>
      change(params, (group) => resizedGroup(group, whole(params, "NewReplicaCount") ?? group.size, "increase")),
    DecreaseReplicaCount: async (params) =>
      change(params, (group) => resizedGroup(group, whole(params, "NewReplicaCount") ?? group.size - 2, "decrease")),
    TestFailover: async (params) => {
      const live = find(store, params);
      if (!live.group.automaticFailover) throw new AwsError("InvalidReplicationGroupState", "TestFailover: needs AutomaticFailoverEnabled");
      live.testFailover();
      return shown(live);
    },
    DeleteReplicationGroup: async (params) => {
      refuseWhatIsNotInTheLab(params);
      const live = find(store, params);
      if (live.view().status === "deleting") throw notAvailable(live);
      store.remove(live);
      return shown(live);
    },
    DescribeReplicationGroups: async (params) => {
      const lives = params.ReplicationGroupId === undefined ? [...store.groups.values()] : [find(store, params)];
      return namedList(
        "ReplicationGroups",
        "ReplicationGroup",
        lives.map((live) => groupXml(live.view())),
      );
    },
    DescribeCacheClusters: async ({ CacheClusterId: id }) => {
      const members = [...store.groups.values()].flatMap((live) => live.view().nodes.map((node) => ({ node, view: live.view() })));
      const found = members.filter(({ node }) => id === undefined || node.id === id);
      if (id !== undefined && found.length === 0) throw new AwsError("CacheClusterNotFound", `CacheCluster not found: ${id}`, 404);
      return namedList(
        "CacheClusters",
        "CacheCluster",
        found.map(({ node, view }) => clusterXml(view, node)),
      );
    },
  };
}

function find(store: GroupStore, { ReplicationGroupId = "" }: Params): LiveGroup {
  const live = store.groups.get(ReplicationGroupId.toLowerCase());
  if (live === undefined) throw new AwsError("ReplicationGroupNotFoundFault", `ReplicationGroup ${ReplicationGroupId} not found.`, 404);
  return live;
}

const notAvailable = (live: LiveGroup): AwsError =>
  new AwsError("InvalidReplicationGroupState", `Replication group ${live.group.id} is not available, it is ${live.view().status}`);
