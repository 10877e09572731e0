/** Where there is no result yet, or none with these rows. */
export const NOT_MEASURED = 'Not measured yet.'

/** A table of Markdown as the formatter leaves it: columns of one width, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return NOT_MEASURED
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]!.length)))
  const isNumeric = head.map((_, column) => column > 0 && rows.every((row) => /^[\d.,<]|^$|^failed/.test(row[column]!)))
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) =>
      isNumeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
    )
    return `| ${padded.join(' | ')} |`
  }
  const rule = widths.map((width, column) => (isNumeric[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}
