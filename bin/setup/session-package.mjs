import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./places.mjs";

const built = join(PROJECT, "dist/npm");
const installed = join(PROJECT, "examples/shop/node_modules/nplus1");

/** npm copies a package that is a folder once, when it is installed: the shop's copy follows each build. The package has no packages of its own. */
export function renewSessionPackage() {
  if (existsSync(installed)) for (const file of readdirSync(built)) copyFileSync(join(built, file), join(installed, file));
}
