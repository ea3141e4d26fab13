import { CookieSecret } from "../../infra/cookie-secret";
import { only, record } from "./record";

test("the secret that signs cookies is made once, and kept under the stack's key", async () => {
  const made = await record(() => new CookieSecret("session-cookie", { kmsKeyArn: "arn:aws:kms:k" }));
  expect(only(made, "random:index/randomPassword:RandomPassword", "session-cookie")).toEqual({ length: 64, special: false });
  expect(only(made, "aws:secretsmanager/secret:Secret", "session-cookie")).toEqual({
    description: "signs session cookies",
    kmsKeyId: "arn:aws:kms:k",
  });
  expect(only(made, "aws:secretsmanager/secretVersion:SecretVersion", "session-cookie")).toEqual({
    secretId: "session-cookie-id",
    // A secret of the engine: never in clear in the state.
    secretString: expect.objectContaining({ value: "a-token-that-is-not-one" }) as object,
  });
});
