import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { allowsAction, letsService } from "./policy-document";

export const roleNameOf = (arn: string): string => arn.split("/").at(-1) ?? "";

/** What roles let services do: looked at where AWS refuses a call for it. */
export class Roles {
  constructor(private readonly client: IAMClient) {}

  /** False for a role that does not exist. */
  async trusts(roleArn: string, service: string): Promise<boolean> {
    try {
      const { Role } = await this.client.send(new GetRoleCommand({ RoleName: roleNameOf(roleArn) }));
      return letsService(Role?.AssumeRolePolicyDocument ?? "{}", service, "sts:AssumeRole");
    } catch (error) {
      if ((error as Error).name.startsWith("NoSuchEntity")) return false;
      throw error;
    }
  }

  /** May this role do this, to anything at all? */
  async may(roleName: string, action: string): Promise<boolean> {
    return allowsAction(await this.#documents(roleName), action);
  }

  async #documents(roleName: string): Promise<string[]> {
    const role = { RoleName: roleName };
    const [{ PolicyNames }, { AttachedPolicies }] = await Promise.all([
      this.client.send(new ListRolePoliciesCommand(role)),
      this.client.send(new ListAttachedRolePoliciesCommand(role)),
    ]);
    const own = (PolicyNames ?? []).map(
      async (PolicyName) => (await this.client.send(new GetRolePolicyCommand({ ...role, PolicyName }))).PolicyDocument,
    );
    const attached = (AttachedPolicies ?? []).map(({ PolicyArn }) => this.#attached(PolicyArn));
    return (await Promise.all([...own, ...attached])).filter((document) => document !== undefined);
  }

  async #attached(PolicyArn: string | undefined): Promise<string | undefined> {
    const { Policy } = await this.client.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await this.client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
    return PolicyVersion?.Document;
  }
}
