import * as pulumi from "@pulumi/pulumi";
import * as lb from "@pulumi/aws/lb";

export interface SwitchArgs {
  listenerArn: pulumi.Input<string>;
  /** The active fleet's. */
  targetGroupArn: pulumi.Input<string>;
  /** The active fleet as a whole is healthy before clients are sent to it. */
  after: pulumi.Resource[];
}

/** The last rule of a listener: every other rule comes before it (1-50000, an ELB limit). */
const LAST_PRIORITY = 50_000;

/**
 * Where clients go: to one fleet, moved by one write. A rule and not the listener's default action, because a fleet's own rule needs the
 * listener, the fleet's group needs that rule, and this needs the group (docs/decisions/0001-active-rule.md).
 */
export class Switch extends pulumi.ComponentResource {
  constructor(name: string, args: SwitchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Switch", name, {}, opts);
    new lb.ListenerRule(
      name,
      {
        listenerArn: args.listenerArn,
        priority: LAST_PRIORITY,
        conditions: [{ pathPattern: { values: ["/*"] } }],
        actions: [{ type: "forward", targetGroupArn: args.targetGroupArn }],
      },
      { parent: this, dependsOn: args.after },
    );
    this.registerOutputs();
  }
}
