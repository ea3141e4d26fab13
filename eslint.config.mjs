import tseslint from "typescript-eslint";

/** Who may import whom: the layout's arrows, enforced. A folder's own files are always allowed. */
const arrows = {
  contract: [],
  infra: ["contract"],
  lambda: ["contract"],
  node: ["contract"],
  cli: ["contract"],
  lab: ["contract"],
};

const rooms = ["infra", "lambda", "node", "cli", "lab", "contract", "policy", "test"];

const forbidden = (from, allowed) =>
  rooms
    .filter((room) => room !== from && !allowed.includes(room))
    .map((room) => ({
      group: [`**/../${room}/**`, `../**/${room}/*`],
      message: `${from}/ may import only ${["its own files", ...allowed].join(" and ")}`,
    }));

const pureFile = [
  {
    selector: "ImportDeclaration[source.value=/^(node:fs|node:child_process|node:net|node:http|@aws-sdk|@pulumi|pino)/]",
    message: "a decision is pure: what acts stands beside it",
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "time arrives as an argument" },
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: "time arrives as an argument" },
];

export default tseslint.config(
  { ignores: ["dist/**", "node_modules/**", ".nplus1/**", "examples/**", "**/*.cjs"] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ["**/*.ts"] })),
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/require-await": "off",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  ...Object.entries(arrows).map(([from, allowed]) => ({
    files: [`${from}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns: forbidden(from, allowed) }] },
  })),
  {
    // What a test reads back from the wire has no type of its own; its assertions say what it must be.
    files: ["test/**/*.ts"],
    rules: Object.fromEntries(
      [
        "no-explicit-any",
        "no-unsafe-assignment",
        "no-unsafe-member-access",
        "no-unsafe-call",
        "no-unsafe-return",
        "no-unsafe-argument",
        "no-misused-promises",
      ].map((rule) => [`@typescript-eslint/${rule}`, "off"]),
    ),
  },
  { files: ["**/decide.ts", "**/plan.ts"], rules: { "no-restricted-syntax": ["error", ...pureFile] } },
);
