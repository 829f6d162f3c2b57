/** Rows as CSV text with a line feed after each; null is an empty field. */
export const writeCsv = (rows: readonly (readonly (string | number | bigint | null)[])[]): string =>
  rows.map((row) => `${row.map((value) => quote(value === null ? '' : String(value))).join(',')}\n`).join('');

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
