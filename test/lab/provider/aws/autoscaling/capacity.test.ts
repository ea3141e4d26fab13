import { missing } from "../../../../../lab/provider/aws/autoscaling/capacity";
import { seconds } from "../../../../../lab/provider/aws/autoscaling/duration";
import type { GroupInputs } from "../../../../../lab/provider/aws/autoscaling/group-inputs";

const inputs = { minElbCapacity: 3 } as GroupInputs;

test.each([
  ["enough of both", "create", inputs, { inService: 3, healthy: 3 }, []],
  ["too few in service", "create", inputs, { inService: 2, healthy: 3 }, ["wanted 3 instances in service, saw 2"]],
  ["in service, not healthy", "create", inputs, { inService: 3, healthy: 1 }, ["wanted 3 healthy targets, saw 1"]],
  ["minElbCapacity counts for a create only", "update", inputs, { inService: 3, healthy: 0 }, []],
  ["an update waits until there are no more than wanted", "update", inputs, { inService: 4, healthy: 4 }, ["wanted 3 instances in service, saw 4"]],
  ["a create may have more", "create", inputs, { inService: 4, healthy: 4 }, []],
  [
    "waitForElbCapacity is exact and goes first",
    "create",
    { ...inputs, waitForElbCapacity: 3 },
    { inService: 4, healthy: 4 },
    ["wanted exactly 3 healthy targets, saw 4"],
  ],
] as const)("%s", (_, after, wanted, seen, faults) => {
  expect(missing(wanted as GroupInputs, after, 3, seen)).toEqual(faults);
});

test.each([
  ["0", 0],
  ["90s", 90],
  ["10m", 600],
  ["1h30m", 5400],
])("%s is %d seconds", (text, expected) => {
  expect(seconds(text)).toBe(expected);
});
