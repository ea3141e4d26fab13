import { GetInstanceProfileCommand, type IAMClient } from "@aws-sdk/client-iam";
import type { LaunchedInstance } from "./launched-instance";

/** The name of the role that an instance's profile holds. @throws when the profile does not exist or holds no role. */
export async function profileRole(client: IAMClient, profile: LaunchedInstance["instanceProfile"]): Promise<string | undefined> {
  if (!profile) return undefined;
  const name = profile.name ?? profile.arn?.split("/").at(-1);
  const { InstanceProfile } = await client.send(new GetInstanceProfileCommand({ InstanceProfileName: name }));
  const role = InstanceProfile?.Roles?.[0]?.RoleName;
  if (!role) throw new Error(`instance profile ${name}: must hold a role, got none`);
  return role;
}
