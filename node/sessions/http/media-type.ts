import type { IncomingHttpHeaders } from "node:http";
import { Problem } from "./problem";

/** @throws Problem unless the body is one of these media types, in UTF-8 and not compressed */
export function mustBe(types: readonly string[], headers: IncomingHttpHeaders): void {
  const given = headers["content-type"] ?? "";
  const [type = "", ...parameters] = given.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters
    .find((parameter) => parameter.startsWith("charset="))
    ?.slice("charset=".length)
    .replaceAll('"', "");
  const encoding = headers["content-encoding"] ?? "identity";
  if (types.includes(type) && (charset ?? "utf-8") === "utf-8" && encoding === "identity") return;
  const got = given === "" ? "none" : JSON.stringify(given.slice(0, 80));
  const detail =
    encoding === "identity"
      ? `Content-Type: must be ${types.join(" or ")}, in UTF-8, got ${got}`
      : `Content-Encoding: must be identity, got ${JSON.stringify(encoding.slice(0, 40))}`;
  throw new Problem(415, "unsupported-media-type", detail, {}, { accept: types.join(", "), "accept-patch": types.join(", ") });
}
