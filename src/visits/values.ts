import { refuse } from '#interface/index.ts';

/** A part of a message that was checked against its description: numbers are text. */
export type Fields = Readonly<Record<string, unknown>>;

export const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  return value === undefined || value === null ? '' : String(value).trim();
};

/** A node of a checked message. */
export const node = (input: Fields, name: string): Fields => (input[name] ?? {}) as Fields;
export const rowsOf = (input: Fields, name: string): readonly Fields[] =>
  (input[name] ?? []) as readonly Fields[];

/** A decimal, which the description allows, as an integer × 10^places; 0 for nothing. @throws Refusal for anything else */
export function scaled(fields: Fields, name: string, places: number, at = 'data'): number {
  const said = text(fields, name);
  if (said === '') return 0;
  const [, sign, whole, decimals = ''] = /^([-+]?)(\d+)(?:\.(\d+))?$/.exec(said) ?? [];
  if (whole === undefined) {
    throw refuse('应为数字', 'a number is expected', { node: at, field: name, value: said });
  }
  const kept = decimals.replace(/0+$/, '');
  const value = Number(`${whole}${kept.padEnd(places, '0')}`);
  if (kept.length > places || !Number.isSafeInteger(value)) {
    throw refuse('数值过大或小数位过多', 'the number is too large or has too many decimals', {
      node: at,
      field: name,
      value: said,
    });
  }
  return sign === '-' ? 0 - value : value;
}

export const fenOf = (fields: Fields, name: string, at?: string): number => scaled(fields, name, 2, at);

/** An integer × 10^places as decimal text. */
export function decimal(value: number, places: number): string {
  const digits = String(Math.abs(value)).padStart(places + 1, '0');
  return `${value < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

export const yuan = (fen: number): string => decimal(fen, 2);
/** × 10^6 with four decimals, half up */
export const ratio4 = (ratio6: number): string => {
  const rounded = (ratio6 + 50 - ((ratio6 + 50) % 100)) / 100;
  return decimal(rounded, 4);
};

/** A date and time of the interface, or a date alone, as `yyyy-MM-dd HH:mm:ss`. */
export const timeOf = (fields: Fields, name: string): string => {
  const said = text(fields, name).replace('T', ' ');
  return said === '' ? '' : said.length === 10 ? `${said} 00:00:00` : said;
};
export const dayOf = (fields: Fields, name: string): string => timeOf(fields, name).slice(0, 10);
