/**
 * What a catalogue says of a diagnosis: categories and subcategories (`K35`, `K35.9`: the start of the code), whole codes
 * (`K35.900x001`, or any code after `=`), ranges of categories (`A00-C50`), alternatives joined by `|`, `/` or `,`.
 * Daggers and asterisks are written in catalogues (`A17+`, `G01*`) and in lists (`A17.000+G01*`); they do not take part in
 * the comparison. Source: docs/domain/dip.md#catalogue-format.
 */
export type DiagnosisPattern =
  | { readonly kind: 'start'; readonly text: string }
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'range'; readonly from: string; readonly to: string };

/** A category (K35) or subcategory (K35.9) stands for all finer codes; anything longer is one code. */
const START_LENGTHS: readonly number[] = [3, 5];
const CODE = /^[A-Z][0-9A-Z]{2}(\.[0-9A-Za-z]{1,8})*$/;
const RANGE = /^([A-Z][0-9]{2})-([A-Z][0-9]{2})$/;

/** The code that takes part in comparisons: what stands before a dagger, without an asterisk. */
export function bareDiagnosis(code: string): string {
  const plain = code.trim().replaceAll('†', '+');
  const dagger = plain.indexOf('+');
  return (dagger < 0 ? plain : plain.slice(0, dagger)).replace(/\*$/, '');
}

/** Blanks go, full-width characters become plain, the first letter is a capital; the rest is kept as written. */
export const tidyCodes = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/\s/g, '')
    .replaceAll(/(^|[|/,=-])([a-z])(?=[0-9A-Z])/g, (_, before, letter) => `${before}${letter.toUpperCase()}`);

/** The alternatives of a cell; undefined when one of them is none. An empty cell is no alternative: []. */
export function parseDiagnoses(cell: string): DiagnosisPattern[] | undefined {
  const text = tidyCodes(cell);
  if (text === '') return [];
  const patterns = text.split(/[|/,]/).map(parseDiagnosis);
  return patterns.every((pattern) => pattern !== undefined) ? patterns : undefined;
}

function parseDiagnosis(text: string): DiagnosisPattern | undefined {
  if (text.startsWith('=')) {
    const code = bareDiagnosis(text.slice(1));
    return code === '' ? undefined : { kind: 'whole', text: code };
  }
  const range = RANGE.exec(text);
  if (range) {
    const [, from, to] = range as unknown as [string, string, string];
    return from <= to ? { kind: 'range', from, to } : undefined;
  }
  const code = bareDiagnosis(text);
  if (!CODE.test(code)) return undefined;
  return { kind: START_LENGTHS.includes(code.length) ? 'start' : 'whole', text: code };
}

/** @param code a bare diagnosis */
export function matchesDiagnosis(pattern: DiagnosisPattern, code: string): boolean {
  if (pattern.kind === 'whole') return code === pattern.text;
  if (pattern.kind === 'start') return code.startsWith(pattern.text);
  // letter first, then two digits: the text order of the categories
  const category = code.slice(0, 3);
  return /^[A-Z][0-9]{2}$/.test(category) && category >= pattern.from && category <= pattern.to;
}

/** Characters of the code that a pattern fixes: the more, the narrower; a range fixes none. */
export const fixedCharacters = (pattern: DiagnosisPattern): number =>
  pattern.kind === 'range' ? 0 : pattern.kind === 'whole' ? 100 + pattern.text.length : pattern.text.length;

export const diagnosesText = (patterns: readonly DiagnosisPattern[]): string =>
  patterns
    .map((pattern) =>
      pattern.kind === 'range'
        ? `${pattern.from}-${pattern.to}`
        : pattern.kind === 'whole' &&
            (!CODE.test(pattern.text) || START_LENGTHS.includes(pattern.text.length))
          ? `=${pattern.text}`
          : pattern.text,
    )
    .join('|');
