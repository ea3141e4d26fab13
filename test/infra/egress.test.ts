import { Egress } from "../../infra/egress";
import { only, record, resource } from "./record";

const program = (protect: boolean) => () => new Egress("egress", { subnetId: "public-a", privateRouteTableId: "private", protect });

test("all private traffic leaves through one NAT gateway with one Elastic IP", async () => {
  const made = await record(program(true));
  expect(made.map(({ type }) => type).filter((type) => type.startsWith("aws:"))).toEqual([
    "aws:ec2/eip:Eip",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/route:Route",
  ]);
  expect(only(made, "aws:ec2/eip:Eip", "egress-address")).toEqual({ domain: "vpc" });
  expect(only(made, "aws:ec2/natGateway:NatGateway", "egress")).toEqual({ subnetId: "public-a", allocationId: "egress-address-id" });
  expect(only(made, "aws:ec2/route:Route", "egress-route")).toEqual({
    routeTableId: "private",
    destinationCidrBlock: "0.0.0.0/0",
    natGatewayId: "egress-id",
  });
});

test.each([true, false])("the address is retained at AWS, whether it is protected (%s) or not", async (protect) => {
  const address = resource(await record(program(protect)), "aws:ec2/eip:Eip", "egress-address");
  expect([address.protect, address.retainOnDelete]).toEqual([protect, true]);
});
