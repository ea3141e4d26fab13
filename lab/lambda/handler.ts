import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Context } from "./context";
import { RuntimeError } from "./runtime-error";

export type Handler = (event: unknown, context: Context) => unknown;

/** In the order in which a module is looked for. */
const EXTENSIONS = ["", ".js", ".mjs", ".cjs"];

/** `folder/index.handler`: the module below the task's folder, and what it exports (dots lead into it). */
export function parseHandlerName(name: string): { module: string; path: string[] } {
  if (name.includes("..")) {
    const advice = "Use absolute paths when specifying root directories in handler names.";
    throw new RuntimeError("Runtime.MalformedHandlerName", `'${name}' is not a valid handler name. ${advice}`);
  }
  const match = /^((?:.*\/)?[^./][^.]*)\.(.+)$/.exec(name);
  if (!match) throw new RuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  return { module: match[1] ?? "", path: (match[2] ?? "").split(".") };
}

/** @throws RuntimeError with what Lambda says of a function that cannot be loaded. */
export async function loadHandler(taskRoot: string, name: string): Promise<Handler> {
  const { module, path } = parseHandlerName(name);
  const exported = await load(taskRoot, module);
  const found = path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], exported);
  if (typeof found !== "function") throw new RuntimeError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  // Lambda tells callback handlers by their declared parameters, and has none of them since Node.js 24.
  // @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
  if (found.length >= 3) {
    throw new RuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      "AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.",
    );
  }
  return found as Handler;
}

async function load(taskRoot: string, module: string): Promise<unknown> {
  const file = EXTENSIONS.map((extension) => join(taskRoot, module + extension)).find((path) => existsSync(path));
  try {
    if (file?.endsWith(".mjs")) return await import(pathToFileURL(file).href);
    // Of the task's own folder, as the runtime's is elsewhere.
    return createRequire(join(taskRoot, "index.js"))(file ?? `./${module}`);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError("Runtime.UserCodeSyntaxError", String(error), error);
    const { code } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") throw new RuntimeError("Runtime.ImportModuleError", String(error), error);
    throw error;
  }
}
