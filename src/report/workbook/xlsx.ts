import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scaledText } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import type { Terms } from '../terms.ts';
import { joined } from '../words.ts';
import { writeZip, type ZipEntry } from './zip.ts';

/**
 * How a cell is written. Amounts are handed over as integers (fen, × 10^4, × 10^8) and reach the sheet as exact
 * decimal text, so no floating point is made here; a spreadsheet shows 15 digits, which is every fen below
 * 10 trillion yuan.
 */
export type CellKind = 'text' | 'note' | 'heading' | 'count' | 'yuan' | 'scaled4' | 'scaled6' | 'scaled8';
type Value = string | bigint | number | null;
/** A value in its column's kind, or one with a kind of its own. */
export type SheetCell = Value | { readonly kind: CellKind; readonly value: Value };

export type SheetColumn = {
  readonly title: Text;
  /** Missing for codes, names and notes. */
  readonly unit?: Text;
  /** In characters. */
  readonly width: number;
  readonly kind: CellKind;
};

export type Sheet = {
  readonly name: Text;
  readonly columns: readonly SheetColumn[];
  readonly rows: Iterable<readonly SheetCell[]> | AsyncIterable<readonly SheetCell[]>;
};

/** Rows of a sheet of Excel; the first one is the head. */
export const SHEET_ROWS_MAX = 1_048_576;
const CELL_CHARACTERS_MAX = 32_767;

/** Decimals of the integers that a kind takes; undefined: text. */
const DECIMALS: Readonly<Record<CellKind, number | undefined>> = {
  text: undefined,
  note: undefined,
  heading: undefined,
  count: 0,
  yuan: 2,
  scaled4: 4,
  scaled6: 6,
  scaled8: 8,
};

/** Position of each kind in the cellXfs of STYLES. */
const STYLE: Readonly<Record<CellKind, number>> = {
  text: 1,
  note: 2,
  heading: 3,
  count: 4,
  yuan: 5,
  scaled4: 6,
  scaled8: 7,
  scaled6: 9,
};
const HEAD_STYLE = 8;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const font = (more: string) => `<font>${more}<name val="Microsoft YaHei"/><family val="2"/></font>`;
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="#,##0.0000"/><numFmt numFmtId="165" formatCode="0.00000000"/><numFmt numFmtId="166" formatCode="#,##0.00;[Red]-#,##0.00"/><numFmt numFmtId="167" formatCode="0.000000"/></numFmts><fonts count="3">${font('<sz val="10"/>')}${font('<b/><sz val="10"/>')}${font('<b/><sz val="10"/><color rgb="FFFFFFFF"/>')}</fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF1F4E79"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="hair"><color rgb="FFBFC7D1"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="10"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${xf(49)}${xf(49, 0, '<alignment vertical="top" wrapText="1"/>')}${xf(49, 1)}${xf(3)}${xf(166)}${xf(164)}${xf(165)}<xf numFmtId="49" fontId="2" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>${xf(167)}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

function xf(format: number, fontId = 0, alignment = ''): string {
  return `<xf numFmtId="${format}" fontId="${fontId}" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1"${alignment ? ` applyAlignment="1">${alignment}</xf>` : '/>'}`;
}

/**
 * Writes a workbook: head frozen and filtered, printed on A4 across with the head on every page, codes as text.
 * The same sheets give the same bytes.
 */
export async function writeWorkbook(
  file: string,
  sheets: readonly Sheet[],
  language: Language,
  terms: Terms = (text) => text,
): Promise<void> {
  const names = sheetNames(sheets, language, terms);
  const entries: ZipEntry[] = [
    {
      name: '[Content_Types].xml',
      content: [
        `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>`,
        ...sheets.map(
          (_, index) =>
            `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
        ),
        '</Types>',
      ],
    },
    {
      name: '_rels/.rels',
      content: [
        `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ],
    },
    { name: 'xl/workbook.xml', content: workbookXml(sheets, names) },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: [
        `${XML}<Relationships xmlns="${PACKAGE}/relationships">`,
        ...sheets.map(
          (_, index) =>
            `<Relationship Id="rId${index + 1}" Type="${RELATIONSHIPS}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
        ),
        `<Relationship Id="rId${sheets.length + 1}" Type="${RELATIONSHIPS}/styles" Target="styles.xml"/></Relationships>`,
      ],
    },
    { name: 'xl/styles.xml', content: [STYLES] },
    ...sheets.map((sheet, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      content: sheetXml(sheet, index === 0, language, terms),
    })),
  ];
  await writeZip(file, entries);
}

/** The same workbook as bytes, for who sends it on. */
export async function workbookBytes(sheets: readonly Sheet[], language: Language): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-workbook-'));
  try {
    const file = join(folder, 'workbook.xlsx');
    await writeWorkbook(file, sheets, language);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function* workbookXml(sheets: readonly Sheet[], names: readonly string[]): Iterable<string> {
  yield `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><bookViews><workbookView/></bookViews><sheets>`;
  for (const [index, name] of names.entries())
    yield `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`;
  yield '</sheets><definedNames>';
  for (const index of sheets.keys())
    yield `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">'${escapeXml(names[index]!.replaceAll("'", "''"))}'!$1:$1</definedName>`;
  yield '</definedNames></workbook>';
}

/** At most 31 characters, none of `\ / ? * [ ] :`, each name once: the rules of Excel. */
function sheetNames(sheets: readonly Sheet[], language: Language, terms: Terms): string[] {
  const taken = new Set<string>();
  return sheets.map((sheet) => {
    const base = terms(joined(sheet.name, language))
      .replace(/[\\/?*[\]:]/g, ' ')
      .slice(0, 31);
    let name = base;
    for (let copy = 2; taken.has(name); copy += 1) name = `${base.slice(0, 27)} ${copy}`;
    taken.add(name);
    return name;
  });
}

async function* sheetXml(
  sheet: Sheet,
  first: boolean,
  language: Language,
  terms: Terms,
): AsyncIterable<string> {
  const { columns } = sheet;
  const letters = columns.map((_, index) => columnLetters(index));
  const last = letters.at(-1)!;
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView${first ? ' tabSelected="1"' : ''} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="16"/><cols>`;
  for (const [index, column] of columns.entries())
    yield `<col min="${index + 1}" max="${index + 1}" width="${column.width}" customWidth="1"/>`;
  yield '</cols><sheetData><row r="1" ht="42" customHeight="1">';
  for (const [index, column] of columns.entries())
    yield textCell(`${letters[index]}1`, HEAD_STYLE, terms(headText(column, language)));
  yield '</row>';
  let row = 1;
  for await (const cells of sheet.rows) {
    row += 1;
    let text = `<row r="${row}">`;
    for (let index = 0; index < columns.length; index += 1) {
      const cell = cells[index] ?? null;
      if (cell === null) continue;
      text +=
        typeof cell === 'object'
          ? cellXml(`${letters[index]}${row}`, cell.kind, cell.value, terms)
          : cellXml(`${letters[index]}${row}`, columns[index]!.kind, cell, terms);
    }
    yield `${text}</row>`;
  }
  yield `</sheetData>${row > 1 ? `<autoFilter ref="A1:${last}${row}"/>` : ''}<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>&amp;C&amp;A   &amp;P / &amp;N</oddFooter></headerFooter>`;
  yield `<ignoredErrors><ignoredError sqref="A1:${last}${row}" numberStoredAsText="1"/></ignoredErrors></worksheet>`;
}

/** Chinese title, its unit and the English title, each on its own line of the head. */
function headText({ title, unit }: SheetColumn, language: Language): string {
  const other = language === 'zh' ? title.en : title.zh;
  const main = unit ? `${title[language]} (${joined(unit, language)})` : title[language];
  return other === title[language] ? main : `${main}\n${other}`;
}

function cellXml(place: string, kind: CellKind, value: Value, terms: Terms): string {
  if (value === null) return '';
  const decimals = DECIMALS[kind];
  if (decimals === undefined) return value === '' ? '' : textCell(place, STYLE[kind], terms(String(value)));
  return `<c r="${place}" s="${STYLE[kind]}"><v>${scaledText(BigInt(value), decimals)}</v></c>`;
}

const textCell = (place: string, style: number, text: string): string =>
  `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text.slice(0, CELL_CHARACTERS_MAX))}</t></is></c>`;

/** A, B … Z, AA … */
function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}

const NEEDS_ESCAPE = /[&<>"]|[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const ENTITY: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes markup and drops characters that XML 1.0 does not know. */
function escapeXml(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text
    .replace(/[&<>"]/g, (character) => ENTITY[character]!)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
}
