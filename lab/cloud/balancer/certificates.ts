import { type ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import type { Listener } from "../../alb/desired-state";

type Certificate = Listener["certificates"][number];

/** ACM gives no private keys away: the lab's authority issues a certificate for the same names. */
export class Certificates {
  readonly #issued = new Map<string, Certificate>();

  constructor(
    private readonly acm: Pick<ACMClient, "send">,
    private readonly issue: (names: readonly string[]) => Certificate,
  ) {}

  async load(arns: readonly string[]): Promise<void> {
    for (const arn of arns) {
      if (this.#issued.has(arn)) continue;
      const { Certificate } = await this.acm.send(new DescribeCertificateCommand({ CertificateArn: arn }));
      const names = new Set([Certificate?.DomainName ?? "", ...(Certificate?.SubjectAlternativeNames ?? [])].filter((name) => name !== ""));
      this.#issued.set(arn, this.issue([...names]));
    }
  }

  get(arn: string): Certificate {
    const found = this.#issued.get(arn);
    if (found === undefined) throw new Error(`${arn}: must be loaded before it is used`);
    return found;
  }
}
