import { errorsIn } from "../../../cli/lab/pulumi";

test("of a failed run the reasons are told, without the engine's frame", () => {
  const lines = [
    "Updating (lab):",
    " +  pulumi:pulumi:Stack nplus1-lab creating (0s)",
    "Diagnostics:",
    "  pulumi:pulumi:Stack (nplus1-lab):",
    "    error: the stack's configuration has faults:",
    "      nplus1:n: must be 1-99, got 0",
    "",
    "Resources:",
    "    1 errored",
    "Duration: 2s",
  ];
  expect(errorsIn(lines)).toEqual([
    "pulumi:pulumi:Stack (nplus1-lab):",
    "  error: the stack's configuration has faults:",
    "    nplus1:n: must be 1-99, got 0",
  ]);
});

test("an error before anything began is told too", () => {
  expect(errorsIn(["error: no stack named 'lab' found"])).toEqual(["error: no stack named 'lab' found"]);
});
