import {
  CreateListenerCommand,
  DeleteListenerCommand,
  DescribeListenersCommand,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { arn, port } from "../values";
import { action, fromAction, toAction } from "./action";
import { elbTags, readElbTags, updateElbTags } from "./elb-tags";

const inputs = z
  .strictObject({
    loadBalancerArn: arn("elasticloadbalancing"),
    port,
    protocol: z.enum(["HTTP", "HTTPS"]),
    certificateArn: z.union([arn("acm"), arn("iam")]).optional(),
    sslPolicy: z.string().startsWith("ELBSecurityPolicy-").optional(),
    defaultActions: z.array(action).min(1).max(5),
    tags: tags.optional(),
  })
  .refine(
    (listener) => (listener.protocol === "HTTPS") === (listener.certificateArn !== undefined),
    "must have a certificateArn exactly when protocol is HTTPS",
  )
  .refine((listener) => listener.protocol === "HTTPS" || listener.sslPolicy === undefined, "must have no sslPolicy when protocol is HTTP");

const wanted = (listener: z.infer<typeof inputs>) => ({
  Port: listener.port,
  Protocol: listener.protocol,
  SslPolicy: listener.sslPolicy,
  Certificates: listener.certificateArn ? [{ CertificateArn: listener.certificateArn }] : undefined,
  DefaultActions: listener.defaultActions.map(toAction),
});

export const listener = regionalResource({
  type: "aws:lb/listener:Listener",
  inputs,
  onChange: {
    loadBalancerArn: "replace",
    port: "update",
    protocol: "update",
    certificateArn: "update",
    sslPolicy: "update",
    defaultActions: "update",
    tags: "update",
  },
  defaults: { protocol: "HTTP" },
  computed: { arn: "stable" },
  async create(inputs, { aws, waitFor }) {
    // A certificate that was just issued may not be known to ELB yet, a load balancer that was just made neither.
    return waitFor(`the certificate of the listener on port ${inputs.port} to be usable`, 300, async () => {
      const call = new CreateListenerCommand({ LoadBalancerArn: inputs.loadBalancerArn, ...wanted(inputs), ...elbTags(inputs.tagsAll) });
      let made: string | undefined;
      const refused = await whileRefused(["CertificateNotFoundException", "CertificateNotFound"], async () => {
        made = (await aws.elb.send(call)).Listeners?.[0]?.ListenerArn;
      })();
      return "seen" in refused ? refused : { done: given(made, "ListenerArn") };
    });
  },
  async read(id, _, call) {
    const { Listeners } = await call.aws.elb.send(new DescribeListenersCommand({ ListenerArns: [id] }));
    const it = found(Listeners?.[0], id);
    return {
      loadBalancerArn: it.LoadBalancerArn,
      port: it.Port,
      protocol: it.Protocol,
      certificateArn: it.Certificates?.[0]?.CertificateArn,
      sslPolicy: it.Protocol === "HTTPS" ? it.SslPolicy : undefined,
      defaultActions: it.DefaultActions?.map(fromAction),
      tagsAll: await readElbTags(id, call),
      arn: id,
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateElbTags(id, change, call);
    if (change.has("port", "protocol", "certificateArn", "sslPolicy", "defaultActions")) {
      await call.aws.elb.send(new ModifyListenerCommand({ ListenerArn: id, ...wanted(change.news) }));
    }
  },
  async delete(id, _, { aws, waitFor }) {
    const remove = () => aws.elb.send(new DeleteListenerCommand({ ListenerArn: id }));
    await waitFor(`listener ${id} to be unused`, 120, whileRefused(["ResourceInUseException", "ResourceInUse"], remove));
  },
});
