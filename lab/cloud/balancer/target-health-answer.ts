import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../aws-error";
import type { Answer } from "../endpoint/endpoint";
import { asAnswers, element, list, structures } from "../query-protocol";

const NAMESPACE = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";

/** DescribeTargetHealth as the appliances see it. `describe` gives undefined for a group that does not exist. */
export const targetHealthAnswers = (
  describe: (
    targetGroupArn: string,
    targets: readonly { id: string; port: number | undefined }[],
  ) => Promise<readonly TargetHealthDescription[] | undefined>,
): Record<string, Answer> =>
  asAnswers(NAMESPACE, {
    DescribeTargetHealth: async (params) => {
      const asked = structures(params, "Targets").map(({ Id = "", Port }) => ({ id: Id, port: Port === undefined ? undefined : Number(Port) }));
      const found = await describe(params.TargetGroupArn ?? "", asked);
      if (found === undefined) throw new AwsError("TargetGroupNotFound", "One or more target groups not found");
      return list("TargetHealthDescriptions", found.map(member));
    },
  });

const member = ({ Target, HealthCheckPort, TargetHealth }: TargetHealthDescription): string =>
  [
    `<Target>${element("Id", Target?.Id)}${element("Port", Target?.Port)}</Target>`,
    element("HealthCheckPort", HealthCheckPort),
    `<TargetHealth>${element("State", TargetHealth?.State)}${element("Reason", TargetHealth?.Reason)}${element("Description", TargetHealth?.Description)}</TargetHealth>`,
  ].join("");
