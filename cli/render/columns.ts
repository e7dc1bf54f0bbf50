/** A cell whose text may carry colour: the width is counted without it. */
export interface Cell {
  readonly text: string;
  readonly width: number;
}

/** Ids, names and numbers are ASCII, so one UTF-16 unit is one column; a line of prose belongs in the last column. */
export function cell(text: string, styled = text): Cell {
  return { text: styled, width: text.length };
}

/** Rows in aligned columns, two spaces apart; the last column is not padded. Columns of `toTheRight` end where their widest cell ends. */
export function alignColumns(rows: readonly (readonly Cell[])[], toTheRight: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach(({ width }, column) => (widths[column] = Math.max(widths[column] ?? 0, width)));
  return rows.map((row) =>
    row
      .map(({ text, width }, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - width);
        if (toTheRight.includes(column)) return padding + text;
        return column === row.length - 1 ? text : text + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}
