/** Lines with each column as wide as its widest word; the first is text, the others are numbers and stand right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((word, index) => (widths[index] = Math.max(widths[index] ?? 0, word.length)));
  return rows.map((row) =>
    row
      .map((word, index) => (index === 0 ? word.padEnd(widths[0] as number) : word.padStart(widths[index] as number)))
      .join("  ")
      .trimEnd(),
  );
}
