import { Egress } from "../../infra/egress";
import { Key } from "../../infra/key";
import { record } from "./record";
test("a", async () => {
  const one = await record(() => new Egress("egress", { subnetId: "s", privateRouteTableId: "r", protect: true }));
  console.log(JSON.stringify(one, null, 1));
  const two = await record(() => new Key("key", { accountId: "1", partition: "aws", region: "r", retain: true }));
  console.log(JSON.stringify(two.map((x) => x.urn)));
});
