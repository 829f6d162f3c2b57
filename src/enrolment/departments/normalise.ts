import { YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { parseYuan } from '#kernel/money.ts';
import { birthOfNumber, identityNumberOfOld, isDay, isIdentityNumber, sexOfNumber } from '../certificates.ts';
import { enrolmentErrors } from '../errors.ts';
import { FIELDS, type Field, type FieldKind, HOLDS, type Mapping } from './mapping.ts';
import type { DepartmentTable } from './read-table.ts';

/** A cell that could not be read; the row stays, the field is empty. */
export type CellProblem = { readonly field: string; readonly value: string; readonly expected: Text };

/** A row of a department as it was understood. */
export type DepartmentRow = {
  readonly line: number;
  readonly raw: Readonly<Record<string, string>>;
  readonly name: string;
  readonly psn_cert_type: string;
  /** a whole number with the right check digit, old ones made long; else empty */
  readonly certno: string;
  /** what was written, tidied: it may be a part of a number or a wrong one */
  readonly certno_given: string;
  readonly old_certno: string;
  readonly gend: string;
  readonly brdy: string | null;
  readonly tel: string;
  readonly addr: string;
  readonly county: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly problems: readonly CellProblem[];
};

const NUMBERS: ReadonlySet<FieldKind> = new Set(['yuan', 'year', 'count']);
const OWN_COLUMNS: ReadonlySet<string> = new Set([
  'name',
  'psn_cert_type',
  'certno',
  'old_certno',
  'gend',
  'brdy',
  'tel',
  'addr',
  'county',
]);

/** Which column each field of the mapping is read from. @throws YibaoError with every needed field that has none */
function columnsOf(table: DepartmentTable, mapping: Mapping, file: string): Map<Field, number> {
  const columns = new Map<Field, number>();
  for (const [field, { from }] of mapping.columns) {
    const at = table.header.findIndex((name) => from.includes(name));
    if (at >= 0) columns.set(field, at);
  }
  const missing = HOLDS[mapping.holds].filter(
    (field) => !columns.has(field) && mapping.columns.get(field)?.fixed === undefined,
  );
  if (missing.length > 0) {
    throw new YibaoError(
      missing.map((field) => ({
        definition: enrolmentErrors.missingColumn,
        file,
        row: 1,
        field,
        parameters: {
          known: mapping.columns.get(field)?.from.join('、') || '—',
          found: table.header.join('、'),
        },
      })),
    );
  }
  return columns;
}

/** The rows of a table in the words of the project. Nothing is left out: what cannot be read is a problem of its row. */
export function normaliseRows(table: DepartmentTable, mapping: Mapping, file: string): DepartmentRow[] {
  const columns = columnsOf(table, mapping, file);
  return table.rows.map(({ line, cells }) => {
    const problems: CellProblem[] = [];
    const values = new Map<Field, string>();
    for (const [field, { codes, fixed }] of mapping.columns) {
      const at = columns.get(field);
      const written = (at === undefined ? '' : (cells[at] ?? '')).normalize('NFKC').trim();
      const text = written === '' ? (fixed ?? '') : (codes.get(written) ?? written);
      if (text === '') continue;
      const read = READERS[FIELDS[field]](text);
      if (read === undefined) problems.push({ field, value: text, expected: EXPECTED[FIELDS[field]] });
      else values.set(field, read);
    }
    for (const field of HOLDS[mapping.holds]) {
      if (!values.has(field) && !problems.some((problem) => problem.field === field)) {
        problems.push({ field, value: '', expected: { zh: '不为空', en: 'not empty' } });
      }
    }
    const raw = Object.fromEntries(
      table.header.map((name, index) => [name || `${index + 1}`, cells[index] ?? '']),
    );
    return { line, raw, ...personOfValues(values, problems), facts: factsOf(values), problems };
  });
}

function personOfValues(values: ReadonlyMap<Field, string>, problems: CellProblem[]) {
  const said = (field: Field) => values.get(field) ?? '';
  const type = said('psn_cert_type') || '01';
  const given = said('certno');
  const old = /^\d{15}$/.test(given) ? given : said('old_certno');
  const whole = type !== '01' ? given : isIdentityNumber(given) ? given : (identityNumberOfOld(given) ?? '');
  if (given !== '' && whole === '') {
    problems.push({
      field: 'certno',
      value: given,
      expected: {
        zh: '校验位正确的居民身份证号',
        en: 'a resident identity number with the right check digit',
      },
    });
  }
  const isResident = type === '01' && whole !== '';
  const gend = said('gend');
  const isSex = ['0', '1', '2', '9'].includes(gend);
  if (gend !== '' && !isSex) {
    problems.push({ field: 'gend', value: gend, expected: { zh: '0、1、2 或 9', en: '0, 1, 2 or 9' } });
  }
  return {
    name: said('name'),
    psn_cert_type: type,
    certno: whole,
    certno_given: type === '01' && whole !== '' ? whole : given,
    old_certno: old,
    gend: isSex ? gend : isResident ? sexOfNumber(whole) : '9',
    brdy: said('brdy') || (isResident ? birthOfNumber(whole) : null),
    tel: said('tel'),
    addr: said('addr'),
    county: said('county'),
  };
}

const factsOf = (values: ReadonlyMap<Field, string>): Record<string, string | number> =>
  Object.fromEntries(
    [...values]
      .filter(([field]) => !OWN_COLUMNS.has(field))
      .map(([field, value]) => [field, NUMBERS.has(FIELDS[field]) ? Number(value) : value]),
  );

/** Text of a cell, NFKC, as it is kept; undefined where it cannot be read. */
const READERS: Readonly<Record<FieldKind, (text: string) => string | undefined>> = {
  text: (text) => text.slice(0, 200),
  name: (text) =>
    text
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/[•‧・∙⋅]/g, '·')
      .slice(0, 100),
  certificate: (text) => text.toUpperCase().replaceAll(/[\s-]/g, '').slice(0, 50),
  day: dayOf,
  month: (text) => {
    const [, year, month] = /^(\d{4})[-/.年]?(\d{1,2})(?:月)?(?:[-/.]?\d{1,2}日?)?$/.exec(text) ?? [];
    const number = Number(month);
    return year === undefined || number < 1 || number > 12
      ? undefined
      : year + String(number).padStart(2, '0');
  },
  year: (text) => /^([12]\d{3})年?$/.exec(text)?.[1],
  count: (text) => (/^\d{1,2}$/.test(text) ? String(Number(text)) : undefined),
  yuan: (text) => {
    const fen = parseYuan(text.replaceAll(/[,，¥元\s]/g, ''));
    return fen === undefined || fen < 0n || fen > 10n ** 14n ? undefined : String(fen);
  },
  code: (text) => (text.length <= 30 ? text : undefined),
  phone: (text) => {
    const digits = text.replaceAll(/[\s()-]/g, '').replace(/^(\+?86)(?=1\d{10}$)/, '');
    return /^\d{5,15}$/.test(digits) ? digits : undefined;
  },
  place: (text) => text.replaceAll(/\s+/g, '').slice(0, 200),
};

const EXPECTED: Readonly<Record<FieldKind, Text>> = {
  text: { zh: '文本', en: 'a text' },
  name: { zh: '姓名', en: 'a name' },
  certificate: { zh: '证件号码', en: 'a certificate number' },
  day: { zh: '日期，如 2025-03-01 或 20250301', en: 'a date such as 2025-03-01 or 20250301' },
  month: { zh: '年月，如 202503', en: 'a month such as 202503' },
  year: { zh: '年份，如 2026', en: 'a year such as 2026' },
  count: { zh: '0 至 99 的整数', en: 'a whole number from 0 to 99' },
  yuan: { zh: '不为负的元，最多两位小数', en: 'yuan, not negative, at most two decimals' },
  code: { zh: '最长 30 位的代码', en: 'a code of at most 30 characters' },
  phone: { zh: '电话号码', en: 'a phone number' },
  place: { zh: '地址', en: 'an address' },
};

function dayOf(text: string): string | undefined {
  const [, year, month, day] =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?$/.exec(text) ??
    /^(\d{4})(\d\d)(\d\d)$/.exec(text) ??
    [];
  if (year === undefined) return undefined;
  const iso = `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
  return isDay(iso) ? iso : undefined;
}
