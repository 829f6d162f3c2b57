import { ZipFault, type ZipFile } from '#kernel/zip.ts';

/** A row with its number in the sheet, from 1, and its cells as text by 0-based column; absent cells are holes. */
export type SheetRow = { readonly number: number; readonly cells: readonly (string | undefined)[] };

/** Digits Excel keeps of a number: what it stores beyond them is binary noise (1.1 is stored as 1.1000000000000001). */
const EXCEL_DIGITS = 15;
/** No row of 16,384 cells, and nothing before the rows, is as long as this. */
const ELEMENT_CHARACTERS_MAX = 64 * 1024 * 1024;

// The elements of interest, with or without a namespace prefix. Spreadsheet programs write neither comments nor CDATA.
const element = (name: string): string => `<(?:\\w+:)?${name}\\b([^>]*?)(?:/>|>(.*?)</(?:\\w+:)?${name}>)`;
const emptyElement = (name: string): RegExp => new RegExp(`<(?:\\w+:)?${name}\\b([^>]*?)/?>`, 'gs');
const CELL = new RegExp(element('c'), 'gs');
const VALUE = new RegExp(element('v'), 's');
const TEXT = new RegExp(element('t'), 'gs');
const PHONETIC = new RegExp(element('rPh'), 'gs');
const SHEET_DATA_END = /<\/(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*\/>/;

/**
 * Reads the sheets of an Excel workbook (ECMA-376 part 1, SpreadsheetML) row by row, so that a full sheet of a million
 * rows needs no more memory than its distinct texts. Cells come as trimmed text: text as it is with its leading
 * zeros, numbers as plain decimals, dates as ISO text, errors as Excel shows them (#N/A).
 */
export class Workbook {
  readonly #zip: ZipFile;
  /** worksheets in the order of their tabs; `part` is the name in the zip file */
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  readonly #sharedTexts: readonly string[];
  /** by style number of a cell: does it show a date */
  readonly #dateStyles: readonly boolean[];
  readonly #epoch: Temporal.PlainDateTime;

  private constructor(
    zip: ZipFile,
    sheets: Workbook['sheets'],
    sharedTexts: readonly string[],
    dateStyles: readonly boolean[],
    startsIn1904: boolean,
  ) {
    this.#zip = zip;
    this.sheets = sheets;
    this.#sharedTexts = sharedTexts;
    this.#dateStyles = dateStyles;
    // Day 60 of Excel is a 29 February 1900 that never was: from then on its days count from 30 December 1899.
    this.#epoch = startsIn1904
      ? new Temporal.PlainDateTime(1904, 1, 1)
      : new Temporal.PlainDateTime(1899, 12, 30);
  }

  /** Throws ZipFault. */
  static async open(zip: ZipFile): Promise<Workbook> {
    const main = [...(await relationships(zip, '')).values()].find(({ type }) => type === 'officeDocument');
    if (main === undefined) throw new ZipFault('not a workbook');
    const related = await relationships(zip, main.part);
    const ofType = (type: string) => [...related.values()].find((relation) => relation.type === type)?.part;
    const workbook = await zip.wholeText(main.part);
    const sheets = [...workbook.matchAll(emptyElement('sheet'))].flatMap(([, attributes]) => {
      const relation = related.get(attributeOf(attributes!, 'id') ?? '');
      const name = attributeOf(attributes!, 'name') ?? '';
      return relation?.type === 'worksheet' ? [{ name, part: relation.part }] : [];
    });
    const properties = emptyElement('workbookPr').exec(workbook)?.[1] ?? '';
    const startsIn1904 = ['1', 'true'].includes(attributeOf(properties, 'date1904') ?? '');
    const sharedPart = ofType('sharedStrings');
    const sharedTexts = sharedPart === undefined ? [] : await readSharedTexts(zip, sharedPart);
    const stylesPart = ofType('styles');
    const dateStyles = stylesPart === undefined ? [] : readDateStyles(await zip.wholeText(stylesPart));
    return new Workbook(zip, sheets, sharedTexts, dateStyles, startsIn1904);
  }

  /** The rows of a sheet that are there, from the top. Throws ZipFault. */
  async *rows(part: string): AsyncGenerator<SheetRow[]> {
    let number = 0;
    for await (const found of elements(this.#zip.text(part), 'row', SHEET_DATA_END)) {
      yield found.map(({ attributes, content }) => {
        number = Number(attributeOf(attributes, 'r') ?? number + 1);
        return { number, cells: this.#cells(content) };
      });
    }
  }

  #cells(row: string): (string | undefined)[] {
    const cells: (string | undefined)[] = [];
    let column = -1;
    for (const [, attributes, content] of row.matchAll(CELL)) {
      const reference = attributeOf(attributes!, 'r');
      column = reference === undefined ? column + 1 : columnIndex(reference);
      if (content) cells[column] = this.#cellText(attributes!, content);
    }
    return cells;
  }

  #cellText(attributes: string, content: string): string {
    const type = attributeOf(attributes, 't') ?? 'n';
    if (type === 'inlineStr') return richText(content);
    const value = unescaped(VALUE.exec(content)?.[2] ?? '').trim();
    if (value === '') return '';
    if (type === 's') return this.#sharedTexts[Number(value)] ?? '';
    if (type === 'b') return value === '1' ? 'true' : 'false';
    if (type !== 'n') return value;
    const isDate = this.#dateStyles[Number(attributeOf(attributes, 's') ?? 0)] ?? false;
    return isDate ? this.#dateText(value) : plainNumber(value);
  }

  /** Days since the epoch as ISO text, to the second, without a time at midnight. */
  #dateText(days: string): string {
    const seconds = Math.round(Number(days) * 86_400);
    if (!Number.isFinite(seconds)) return days;
    const time = this.#epoch.add({ seconds });
    return seconds % 86_400 === 0 ? time.toPlainDate().toString() : time.toString();
  }
}

type Relation = { readonly type: string; readonly part: string };

/** What a part refers to, by relationship id; '' is the workbook file as a whole. */
async function relationships(zip: ZipFile, part: string): Promise<Map<string, Relation>> {
  const slash = part.lastIndexOf('/') + 1;
  const folder = part.slice(0, slash);
  const xml = await zip.wholeText(`${folder}_rels/${part.slice(slash)}.rels`);
  const found = new Map<string, Relation>();
  for (const [, attributes] of xml.matchAll(emptyElement('Relationship'))) {
    const target = attributeOf(attributes!, 'Target') ?? '';
    const type = attributeOf(attributes!, 'Type') ?? '';
    found.set(attributeOf(attributes!, 'Id') ?? '', {
      type: type.slice(type.lastIndexOf('/') + 1),
      part: target.startsWith('/') ? target.slice(1) : `${folder}${target.replace(/^\.\//, '')}`,
    });
  }
  return found;
}

/** The complete elements of a stream of XML, in batches, up to where `until` matches. Throws ZipFault. */
async function* elements(
  pieces: AsyncIterable<string>,
  name: string,
  until?: RegExp,
): AsyncGenerator<{ attributes: string; content: string }[]> {
  const pattern = new RegExp(element(name), 'gs');
  let text = '';
  let ended = false;
  for await (const piece of pieces) {
    if (ended) continue; // read on: the checksum stands at the end
    text += piece;
    const batch: { attributes: string; content: string }[] = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      batch.push({ attributes: match[1]!, content: match[2] ?? '' });
      end = match.index + match[0].length;
    }
    text = text.slice(end);
    if (batch.length > 0) yield batch;
    ended = until?.test(text) ?? false;
    if (text.length > ELEMENT_CHARACTERS_MAX) throw new ZipFault(`no end of ${name}`);
  }
  if (until !== undefined && !ended) throw new ZipFault('the sheet breaks off');
}

async function readSharedTexts(zip: ZipFile, part: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of elements(zip.text(part), 'si')) {
    for (const { content } of batch) texts.push(richText(content));
  }
  return texts;
}

/** The text of a string item: its runs joined, without the phonetic guide. */
function richText(content: string): string {
  let text = '';
  for (const [, , part] of content.replace(PHONETIC, '').matchAll(TEXT)) text += part ?? '';
  return unescaped(text).trim();
}

const CODE_POINT_MAX = 0x10ffff;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Undoes XML's escapes and Excel's own (`_x000D_`). */
function unescaped(text: string): string {
  let plain = text;
  if (plain.includes('&')) {
    plain = plain.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (entity, decimal, hexadecimal, name) => {
      if (name !== undefined) return ENTITIES[name] ?? entity;
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
      return code <= CODE_POINT_MAX ? String.fromCodePoint(code) : entity;
    });
  }
  if (!plain.includes('_x')) return plain;
  return plain.replace(/_x([\dA-F]{4})_/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

const attributePatterns = new Map<string, RegExp>();

function attributeOf(attributes: string, name: string): string | undefined {
  let pattern = attributePatterns.get(name);
  if (pattern === undefined) {
    pattern = new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
    attributePatterns.set(name, pattern);
  }
  const match = pattern.exec(attributes);
  return match === null ? undefined : unescaped(match[1] ?? match[2] ?? '');
}

/** "C12" is 2. */
function columnIndex(reference: string): number {
  let index = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) - 64;
    if (letter < 1 || letter > 26) break;
    index = index * 26 + letter;
  }
  return index - 1;
}

/** Built-in number formats that show a date or time; 27–36 and 50–58 are the Chinese ones. */
const isBuiltInDate = (format: number): boolean =>
  (format >= 14 && format <= 22) ||
  (format >= 27 && format <= 36) ||
  (format >= 45 && format <= 47) ||
  (format >= 50 && format <= 58);

function readDateStyles(xml: string): boolean[] {
  const custom = new Map<string, boolean>();
  for (const [, attributes] of xml.matchAll(emptyElement('numFmt'))) {
    custom.set(
      attributeOf(attributes!, 'numFmtId') ?? '',
      isDateFormat(attributeOf(attributes!, 'formatCode') ?? ''),
    );
  }
  const cellFormats = new RegExp(element('cellXfs'), 's').exec(xml)?.[2] ?? '';
  return [...cellFormats.matchAll(emptyElement('xf'))].map(([, attributes]) => {
    const format = attributeOf(attributes!, 'numFmtId') ?? '0';
    return custom.get(format) ?? isBuiltInDate(Number(format));
  });
}

/** Whether a format code has year, month, day, hour or second places, apart from quoted text and [colours]. */
const isDateFormat = (code: string): boolean =>
  /[ymdhs]/i.test(code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general/gi, ''));

/** A number as the sheet stores it ("1.1000000000000001", "1.7E4") as plain decimal text ("1.1", "17000"). */
export function plainNumber(stored: string): string {
  if (/^-?\d+$/.test(stored)) return stored;
  const value = Number(stored);
  if (!Number.isFinite(value)) return stored;
  const [digits, exponent] = value.toExponential(EXCEL_DIGITS - 1).split('e');
  return shiftPoint(digits!, Number(exponent));
}

/** digits · 10^exponent without an exponent and without trailing zeros after the point: ("1.7000", 4) is "17000". */
function shiftPoint(digits: string, exponent: number): string {
  const [, sign, whole, decimals] = /^(-?)(\d)\.(\d+)$/.exec(digits)!;
  const point = 1 + exponent;
  const padded = `${'0'.repeat(Math.max(0, 1 - point))}${whole}${decimals}`.padEnd(point, '0');
  const place = Math.max(1, point);
  const fraction = padded.slice(place).replace(/0+$/, '');
  return `${sign}${padded.slice(0, place)}${fraction ? `.${fraction}` : ''}`;
}
