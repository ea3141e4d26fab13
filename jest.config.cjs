/** Two projects: `unit` runs every part by itself; `cluster` builds the whole cluster in a lab of its own. */
const common = {
  testEnvironment: "node",
  testEnvironmentOptions: { globalsCleanup: "on" },
  transform: { "^.+\\.ts$": ["ts-jest", { diagnostics: false }] },
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/.nplus1"],
};

module.exports = {
  projects: [
    { ...common, displayName: "unit", testMatch: ["<rootDir>/test/**/*.test.ts"], testPathIgnorePatterns: ["<rootDir>/test/cluster/"] },
    { ...common, displayName: "cluster", testMatch: ["<rootDir>/test/cluster/**/*.test.ts"] },
  ],
};
