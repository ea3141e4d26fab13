import { commandSteps, RUN_SHELL_SCRIPT } from "../../../../lab/cloud/ssm/command-document";

const restart = JSON.stringify({
  schemaVersion: "2.2",
  parameters: {
    unit: { type: "String", allowedPattern: "nplus1-[a-z]+", default: "nplus1-agent" },
    lines: { type: "StringList", default: ["true"] },
  },
  mainSteps: [
    {
      action: "aws:runShellScript",
      name: "restart",
      inputs: { timeoutSeconds: 30, runCommand: ["set -e", "systemctl restart {{ unit }}", "{{lines}}"] },
    },
    {
      action: "aws:runShellScript",
      name: "look",
      onFailure: "exit",
      inputs: { runCommand: ["systemctl is-active {{ unit }} {{ other }}"], workingDirectory: "/opt" },
    },
  ],
});

test("a document's steps have their parameters filled in", () => {
  expect(commandSteps(restart, { lines: ["a", "b"] })).toEqual([
    { name: "restart", script: "set -e\nsystemctl restart nplus1-agent\na\nb\n", workingDirectory: undefined, timeoutSeconds: 30, continues: true },
    { name: "look", script: "systemctl is-active nplus1-agent {{ other }}\n", workingDirectory: "/opt", timeoutSeconds: 3600, continues: false },
  ]);
});

test("AWS's own document runs any lines, for the time that is given", () => {
  expect(commandSteps(RUN_SHELL_SCRIPT, { commands: ["echo 1", "echo 2"], executionTimeout: ["5"] })).toEqual([
    { name: "runShellScript", script: "echo 1\necho 2\n", workingDirectory: undefined, timeoutSeconds: 5, continues: true },
  ]);
});

test("a document may be YAML", () => {
  const text = "schemaVersion: '2.2'\nmainSteps:\n- action: aws:runShellScript\n  name: one\n  inputs:\n    runCommand: ['true']\n";
  expect(commandSteps(text, {}).map(({ script }) => script)).toEqual(["true\n"]);
});

test.each<[string, string, Record<string, string[]>, string]>([
  ["a parameter is unknown", restart, { node: ["x"] }, "Parameter node is not defined in the document."],
  ["a parameter does not match", restart, { unit: ["sshd"] }, "Parameter unit must match nplus1-[a-z]+, got sshd."],
  ["a parameter has too many values", restart, { unit: ["nplus1-agent", "nplus1-gate"] }, "Parameter unit must have one value, got 2."],
  ["a parameter is missing", RUN_SHELL_SCRIPT, {}, "Parameter commands is required and has no value."],
  ["a step is something else", restart.replace("aws:runShellScript", "aws:runPowerShellScript"), {}, "must be aws:runShellScript, which the lab has"],
])("fails when %s", (_, content, given, message) => {
  expect(() => commandSteps(content, given)).toThrow(message);
});
