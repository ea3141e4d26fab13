import { DomainCertificate, DomainName } from "../../infra/domain";
import { only, record } from "./record";

const domain = { domain: "shop.example.com", hostedZoneId: "Z123" };

test("a domain's certificate is proved by a record in its zone before anything uses it", async () => {
  const made = await record(() => new DomainCertificate("certificate", domain));
  expect(only(made, "aws:acm/certificate:Certificate", "certificate")).toEqual({ domainName: "shop.example.com", validationMethod: "DNS" });
  expect(only(made, "aws:route53/record:Record", "certificate-proof")).toEqual({
    zoneId: "Z123",
    name: "_proof.example.com",
    type: "CNAME",
    records: ["_value"],
    ttl: 300,
  });
  expect(only(made, "aws:acm/certificateValidation:CertificateValidation", "certificate")).toEqual({
    certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate",
    validationRecordFqdns: ["certificate-proof.example.com"],
  });
});

test("the domain is an alias of the load balancer", async () => {
  const made = await record(() => new DomainName("domain", { ...domain, loadBalancerHostName: "door.example", loadBalancerZoneId: "Z35" }));
  expect(only(made, "aws:route53/record:Record", "domain")).toEqual({
    zoneId: "Z123",
    name: "shop.example.com",
    type: "A",
    aliases: [{ name: "door.example", zoneId: "Z35", evaluateTargetHealth: true }],
  });
});
