import * as pulumi from "@pulumi/pulumi";
import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";

export interface CertificateArgs {
  domain: string;
  hostedZoneId: string;
}

/** A certificate for the domain, proved by a record in its zone and renewed by AWS as long as that is there. */
export class DomainCertificate extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:DomainCertificate", name, {}, opts);
    const child = { parent: this };
    const certificate = new acm.Certificate(name, { domainName: args.domain, validationMethod: "DNS" }, child);
    // One domain has one proof.
    const proof = certificate.domainValidationOptions.apply((options) => {
      const [option] = options;
      if (!option) throw new Error(`no validation record for ${args.domain}`);
      return option;
    });
    const record = new route53.Record(
      `${name}-proof`,
      { zoneId: args.hostedZoneId, name: proof.resourceRecordName, type: proof.resourceRecordType, records: [proof.resourceRecordValue], ttl: 300 },
      child,
    );
    const issued = new acm.CertificateValidation(name, { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] }, child);
    this.arn = issued.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }
}

export interface DomainArgs extends CertificateArgs {
  loadBalancerHostName: pulumi.Input<string>;
  loadBalancerZoneId: pulumi.Input<string>;
}

/** The domain's record: an alias of the load balancer. */
export class DomainName extends pulumi.ComponentResource {
  constructor(name: string, args: DomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:DomainName", name, {}, opts);
    const alias = { name: args.loadBalancerHostName, zoneId: args.loadBalancerZoneId, evaluateTargetHealth: true };
    new route53.Record(name, { zoneId: args.hostedZoneId, name: args.domain, type: "A", aliases: [alias] }, { parent: this });
    this.registerOutputs();
  }
}
