import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/** Relative to the project's folder; examples/shop/package.json names it. */
const PACKAGE_FOLDER = "dist/npm";

/** Copied as they are. */
const TEXTS = ["session.d.ts", "README.md"];

/**
 * The npm package whose module `nplus1/session` applications use: one file with everything in it, so that it needs no other package and no
 * certain folder. The same sources give the same bytes on any machine: an application's release has them in it.
 *
 * @param {string} project the project's folder
 * @param {string} [folder] of the package
 */
export async function buildSessionPackage(project, folder = join(project, PACKAGE_FOLDER)) {
  const { version, license, description } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: ["node/sessions/package/index.ts"],
    outfile: "session.cjs",
    bundle: true,
    write: false,
    platform: "node",
    target: "node18",
    format: "cjs",
    // The licences of what is bundled in ask for their notices.
    legalComments: "eof",
    // Names stay readable in stack traces; only white space and syntax shrink.
    minifyWhitespace: true,
    minifySyntax: true,
    // The client alone: no modules of Redis are used, and zod's messages are English.
    alias: { redis: "@redis/client" },
    plugins: [withoutLocales],
    logLevel: "warning",
  });
  const manifest = {
    name: "nplus1",
    version,
    description,
    license,
    engines: { node: ">=18" },
    exports: { "./session": { types: "./session.d.ts", default: "./session.cjs" }, "./package.json": "./package.json" },
    files: ["session.cjs", ...TEXTS],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "session.cjs"), outputFiles[0].contents);
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const name of TEXTS) await copyFile(join(project, "node/sessions/package", name), join(folder, name));
}

/** Zod exports its messages in all languages, three hundred kilobytes, so that no bundler can leave them out. */
const withoutLocales = {
  name: "without-locales",
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export {};", loader: "js" }));
  },
};
