/** Whole numbers a catalogue asks for: `<29`, `<=1`, `>=18`, `>65`, `750-999` or one number. Both ends belong to it. */
export type NumberRange = { readonly least: number; readonly most: number };

export function parseNumberRange(cell: string): NumberRange | undefined {
  const text = cell.normalize('NFKC').replaceAll(/\s/g, '').replace('≤', '<=').replace('≥', '>=');
  const between = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(text);
  if (between) {
    const range = { least: Number(between[1]), most: Number(between[2] ?? between[1]) };
    return range.least <= range.most ? range : undefined;
  }
  const bound = /^(<=?|>=?)(\d{1,6})$/.exec(text);
  if (!bound) return undefined;
  const value = Number(bound[2]);
  switch (bound[1]) {
    case '<':
      return value === 0 ? undefined : { least: 0, most: value - 1 };
    case '<=':
      return { least: 0, most: value };
    case '>':
      return { least: value + 1, most: Number.POSITIVE_INFINITY };
    default:
      return { least: value, most: Number.POSITIVE_INFINITY };
  }
}

/** A missing number is in no range. */
export const isInRange = (range: NumberRange, value: number | undefined): boolean =>
  value !== undefined && value >= range.least && value <= range.most;

export function rangeText({ least, most }: NumberRange): string {
  if (most === Number.POSITIVE_INFINITY) return `>=${least}`;
  if (least === most) return String(least);
  return least === 0 ? `<=${most}` : `${least}-${most}`;
}
