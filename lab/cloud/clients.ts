import { ACMClient } from "@aws-sdk/client-acm";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { IAMClient } from "@aws-sdk/client-iam";
import { MOTO } from "./moto";

/** Clients of moto itself, past the endpoint: what the lab's own parts ask and tell. */
export function motoClients() {
  const settings = {
    endpoint: `http://${MOTO.host}:${MOTO.port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "lab", secretAccessKey: "lab" },
  };
  return {
    acm: new ACMClient(settings),
    ec2: new EC2Client(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    iam: new IAMClient(settings),
    elasticache: new ElastiCacheClient(settings),
  };
}
