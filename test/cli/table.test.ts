import { table } from "../../cli/table";

test("columns line up, and no line ends in spaces", () => {
  expect(
    table(
      ["NODE", "STATE"],
      [
        ["i-1", "healthy"],
        ["i-123456", "x"],
      ],
    ),
  ).toBe("NODE      STATE\ni-1       healthy\ni-123456  x");
});

test("a table without rows is its head", () => {
  expect(table(["A", "B"], [])).toBe("A  B");
});
