import { DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { found } from "../found";
import { arn } from "../values";

/** Nothing in AWS: the wait until a certificate is issued, as a resource that others can depend on. */
export const certificateValidation = regionalResource({
  type: "aws:acm/certificateValidation:CertificateValidation",
  inputs: z.strictObject({ certificateArn: arn("acm"), validationRecordFqdns: z.array(z.string().min(1).max(255)).optional() }),
  onChange: { certificateArn: "replace", validationRecordFqdns: "replace" },
  unordered: ["validationRecordFqdns"],
  computed: {},
  async create({ certificateArn }, { aws, waitFor }) {
    return waitFor<string>(`certificate ${certificateArn} to be issued`, 4500, async () => {
      const { Certificate } = await aws.acm.send(new DescribeCertificateCommand({ CertificateArn: certificateArn }));
      if (Certificate?.Status === "FAILED") throw new Error(`certificate ${certificateArn}: ${Certificate.FailureReason ?? "FAILED"}`);
      return Certificate?.Status === "ISSUED"
        ? { done: (Certificate.IssuedAt ?? new Date(0)).toISOString() }
        : { seen: Certificate?.Status ?? "nothing" };
    });
  },
  async read(_, known, { aws }) {
    const { Certificate } = await aws.acm.send(new DescribeCertificateCommand({ CertificateArn: known.certificateArn }));
    return found(Certificate, `certificate ${known.certificateArn}`).Status === "ISSUED" ? { certificateArn: known.certificateArn } : undefined;
  },
  async delete() {},
});
