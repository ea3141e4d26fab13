import fc from "fast-check";
import { type Cidr, formatCidr, parseCidr } from "../../infra/cidr";
import { allocateSubnets } from "../../infra/subnets";

const end = ({ base, prefix }: Cidr): number => base + 2 ** (32 - prefix);

/** VPC blocks of every allowed size, anywhere in 10.0.0.0/8. */
const vpcs = fc
  .tuple(fc.integer({ min: 16, max: 23 }), fc.nat({ max: 255 }))
  .map(([prefix, index]) => formatCidr({ base: 10 * 2 ** 24 + index * 2 ** (32 - prefix), prefix }));

test("subnets of a VPC never overlap and are all inside it", () => {
  fc.assert(
    fc.property(vpcs, fc.integer({ min: 2, max: 6 }), (vpc, zones) => {
      const blocks = allocateSubnets(vpc, zones).flatMap(({ publicCidr, privateCidr }) => [parseCidr(publicCidr), parseCidr(privateCidr)]);
      expect(blocks).toHaveLength(2 * zones);
      const sorted = blocks.sort((a, b) => a.base - b.base);
      for (const [index, block] of sorted.entries()) {
        expect(block.base).toBeGreaterThanOrEqual(index === 0 ? parseCidr(vpc).base : end(sorted[index - 1] as Cidr));
        expect(end(block)).toBeLessThanOrEqual(end(parseCidr(vpc)));
      }
    }),
  );
});

test("a zone more moves no subnet that is there", () => {
  fc.assert(
    fc.property(vpcs, fc.integer({ min: 2, max: 5 }), (vpc, zones) => {
      expect(allocateSubnets(vpc, zones + 1).slice(0, zones)).toEqual(allocateSubnets(vpc, zones));
    }),
  );
});

test("every subnet is large enough for a load balancer", () => {
  fc.assert(
    fc.property(vpcs, (vpc) => {
      for (const { publicCidr } of allocateSubnets(vpc, 6)) expect(parseCidr(publicCidr).prefix).toBeLessThanOrEqual(27);
    }),
  );
});

test("the subnets of 10.20.0.0/16 in two zones are these", () => {
  expect(allocateSubnets("10.20.0.0/16", 2)).toEqual([
    { publicCidr: "10.20.0.0/20", privateCidr: "10.20.128.0/20" },
    { publicCidr: "10.20.16.0/20", privateCidr: "10.20.144.0/20" },
  ]);
});

test.each([
  ["10.0.0.0/8", "must have a prefix of /16 to /23, got 10.0.0.0/8"],
  ["10.0.0.0/24", "must have a prefix of /16 to /23, got 10.0.0.0/24"],
  ["10.0.0.1/16", "must begin at the block's first address, got 10.0.0.1/16"],
  ["10.0.300.0/16", "must be like 10.20.0.0/16, got 10.0.300.0/16"],
  ["8.8.0.0/16", "must be inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, got 8.8.0.0/16"],
  ["ten", "must be like 10.20.0.0/16, got ten"],
])("fails when the VPC's block is %s", (cidr, message) => {
  expect(() => allocateSubnets(cidr, 2)).toThrow(message);
});
