import { randomUUID } from "node:crypto";
import { AwsError } from "./aws-error";
import type { Answer } from "./endpoint/endpoint";

/** What an own answer gives: the inside of the result element, already XML. */
export type Result = (params: Readonly<Record<string, string>>) => Promise<string>;

export const escapeXml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** `<Name>value</Name>`; nothing for undefined. */
export const element = (name: string, value: string | number | boolean | undefined): string =>
  value === undefined ? "" : `<${name}>${escapeXml(String(value))}</${name}>`;

/** A list as most services write it; ElastiCache names its members. */
export const list = (name: string, values: readonly string[], member = "member"): string =>
  `<${name}>${values.map((value) => `<${member}>${value}</${member}>`).join("")}</${name}>`;

/** The values of `Name.member.1`, `Name.member.2`, … in order. */
export function members(params: Readonly<Record<string, string>>, name: string, member = "member"): string[] {
  const values: string[] = [];
  for (let index = 1; params[`${name}.${member}.${index}`] !== undefined; index += 1) values.push(params[`${name}.${member}.${index}`] ?? "");
  return values;
}

/** The structures of `Name.member.N.Key`, in order. */
export function structures(params: Readonly<Record<string, string>>, name: string, member = "member"): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  for (const [key, value] of Object.entries(params)) {
    const match = new RegExp(`^${name}\\.${member}\\.(\\d+)\\.(.+)$`).exec(key);
    if (!match) continue;
    const index = Number(match[1]) - 1;
    found[index] = { ...found[index], [match[2] ?? ""]: value };
  }
  return found.filter(Boolean);
}

/** The answer of one action as the query protocol wraps it. @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function asAnswer(namespace: string, action: string, result: Result): Answer {
  return async (params) => {
    const requestId = randomUUID();
    try {
      const inside = await result(params);
      const wrapped = `<${action}Result>${inside}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      return { status: 200, body: `<${action}Response xmlns="${namespace}">${wrapped}</${action}Response>` };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const details = `<Type>Sender</Type>${element("Code", error.code)}${element("Message", error.message)}`;
      return {
        status: error.status,
        body: `<ErrorResponse xmlns="${namespace}"><Error>${details}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    }
  };
}

export const asAnswers = (namespace: string, results: Readonly<Record<string, Result>>): Record<string, Answer> =>
  Object.fromEntries(Object.entries(results).map(([action, result]) => [action, asAnswer(namespace, action, result)]));
