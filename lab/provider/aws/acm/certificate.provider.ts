import {
  AddTagsToCertificateCommand,
  type CertificateDetail,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  ListTagsForCertificateCommand,
  RemoveTagsFromCertificateCommand,
  RequestCertificateCommand,
} from "@aws-sdk/client-acm";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tagChanges, tagList, tagMap, tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { setOf } from "../values";

const domainName = z
  .string()
  .max(253)
  .regex(/^(\*\.)?([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,63}$/, "must be a domain name");

/** Requested certificates only: nothing is imported. */
export const certificate = regionalResource({
  type: "aws:acm/certificate:Certificate",
  inputs: z.strictObject({
    domainName,
    subjectAlternativeNames: setOf(domainName, 100).optional(),
    validationMethod: z.enum(["DNS", "EMAIL"]),
    keyAlgorithm: z.enum(["RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]).optional(),
    tags: tags.optional(),
  }),
  onChange: { domainName: "replace", subjectAlternativeNames: "replace", validationMethod: "replace", keyAlgorithm: "replace", tags: "update" },
  unordered: ["subjectAlternativeNames"],
  computed: { arn: "stable", domainValidationOptions: "stable", status: "changes", notAfter: "changes", notBefore: "changes", type: "stable" },
  async create(inputs, { aws }) {
    const { CertificateArn } = await aws.acm.send(
      new RequestCertificateCommand({
        DomainName: inputs.domainName,
        SubjectAlternativeNames: inputs.subjectAlternativeNames,
        ValidationMethod: inputs.validationMethod,
        KeyAlgorithm: inputs.keyAlgorithm,
        ...(Object.keys(inputs.tagsAll).length > 0 ? { Tags: tagList(inputs.tagsAll) } : {}),
      }),
    );
    return given(CertificateArn, "CertificateArn");
  },
  // ACM makes the validation records a few seconds after the request.
  async settle(id, { domainName: name }, call) {
    await call.waitFor(`the validation records of the certificate for ${name}`, 300, async () => {
      const options = (await describe(id, call)).DomainValidationOptions ?? [];
      const ready = options.length > 0 && options.every((one) => one.ResourceRecord || one.ValidationEmails?.length);
      return ready ? { done: true } : { seen: `${options.length} domains, not all with a record` };
    });
  },
  async read(id, _, call) {
    const it = await describe(id, call);
    const { Tags } = await call.aws.acm.send(new ListTagsForCertificateCommand({ CertificateArn: id }));
    return {
      domainName: it.DomainName,
      tagsAll: tagMap(Tags),
      arn: id,
      domainValidationOptions: records(it),
      status: it.Status,
      notAfter: it.NotAfter?.toISOString() ?? "",
      notBefore: it.NotBefore?.toISOString() ?? "",
      type: it.Type,
    };
  },
  async update(id, { olds, news }, { aws }) {
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (remove.length > 0) await aws.acm.send(new RemoveTagsFromCertificateCommand({ CertificateArn: id, Tags: remove.map((Key) => ({ Key })) }));
    if (Object.keys(set).length > 0) await aws.acm.send(new AddTagsToCertificateCommand({ CertificateArn: id, Tags: tagList(set) }));
  },
  async delete(id, _, { aws, waitFor }) {
    const remove = () => aws.acm.send(new DeleteCertificateCommand({ CertificateArn: id }));
    await waitFor(`certificate ${id} to be unused`, 1200, whileRefused(["ResourceInUseException"], remove));
  },
});

async function describe(id: string, { aws }: Call): Promise<CertificateDetail> {
  const { Certificate } = await aws.acm.send(new DescribeCertificateCommand({ CertificateArn: id }));
  return found(Certificate, id);
}

const records = (it: CertificateDetail) =>
  it.DomainValidationOptions?.map(({ DomainName, ResourceRecord }) => ({
    domainName: DomainName,
    resourceRecordName: ResourceRecord?.Name,
    resourceRecordType: ResourceRecord?.Type,
    resourceRecordValue: ResourceRecord?.Value,
  }));
