import { silenceRuleset } from "../../../lab/machine/silence";

test("addresses that are silenced speak among themselves only; the router's own table is not touched", () => {
  expect(silenceRuleset(["10.0.0.1", "10.0.1.1"])).toBe(`add table ip silence
delete table ip silence
table ip silence {
  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    ip saddr { 10.0.0.1, 10.0.1.1 } ip daddr { 10.0.0.1, 10.0.1.1 } accept
    ip saddr { 10.0.0.1, 10.0.1.1 } drop
    ip daddr { 10.0.0.1, 10.0.1.1 } drop
  }
}
`);
});
