import { chosenDrills } from "../../cli/drill-choice";
import { WrongCall } from "../../cli/failure";
import { DRILL_NAMES } from "../../contract/drill";

test("drills run once each, in the order of the call, for their own time", () => {
  expect(chosenDrills(["store-away", "kill-node", "store-away"], {})).toEqual([
    { drill: "store-away", seconds: 60 },
    { drill: "kill-node", seconds: 15 },
  ]);
});

test("all are all, for as long as is asked", () => {
  expect(chosenDrills([], { all: true, seconds: 5 })).toEqual(DRILL_NAMES.map((drill) => ({ drill, seconds: 5 })));
});

test.each([
  [["kill-node", "kill-nod", "constructor"], {}, /^drill: kill-nod, constructor: no such drill. There are: stop-app, deadlock-app, /],
  [[], {}, /^drill: must have names or --all. There are: stop-app, /],
  [["kill-node"], { all: true }, "drill: must have names or --all, got both"],
])("a wrong call says what there is: %j %j", (names, options, message) => {
  const call = () => chosenDrills(names, options);
  expect(call).toThrow(WrongCall);
  expect(call).toThrow(message);
});
