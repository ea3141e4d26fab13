import { NODE_CONFIG_FILE, type NodeConfig } from "../contract/node-config";
import { runtimeKey } from "../contract/release";
import { NODE_MAJOR, RUNTIME_DIR } from "../contract/runtime";

export interface UserDataArgs {
  config: NodeConfig;
  runtimeDigest: string;
}

/**
 * What a node runs once, at its first boot, as root on Amazon Linux 2023: installs Node.js and HAProxy, fetches the node runtime by digest, verifies
 * it, and starts the agent, which does the rest. The packages' versions are those of the AMI's release, which locks its repositories.
 * @see https://docs.aws.amazon.com/linux/al2023/ug/deterministic-upgrades.html
 */
export function userData({ config, runtimeDigest }: UserDataArgs): string {
  return `#!/bin/bash
set -euo pipefail
umask 022

# A new instance's network, profile or repository may need a moment.
again() { for try in 1 2 3 4 5; do "$@" && return; sleep "$((try * 2))"; done; "$@"; }

again dnf install -y nodejs${NODE_MAJOR} haproxy

mkdir -p ${RUNTIME_DIR} /etc/nplus1 /var/log/nplus1 /var/lib/nplus1
again aws s3 cp --only-show-errors --region ${config.region} s3://${config.releasesBucket}/${runtimeKey(runtimeDigest)} /opt/nplus1/runtime.tar
echo '${runtimeDigest}  /opt/nplus1/runtime.tar' | sha256sum --check --quiet
tar --extract --file /opt/nplus1/runtime.tar --directory ${RUNTIME_DIR} --no-same-owner

id nplus1-app > /dev/null 2>&1 || useradd --system --user-group --no-create-home --shell /sbin/nologin nplus1-app

cat > ${NODE_CONFIG_FILE} <<'NPLUS1'
${JSON.stringify(config, null, 2)}
NPLUS1

cp ${RUNTIME_DIR}/units/*.service /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now nplus1-agent.service
`;
}
