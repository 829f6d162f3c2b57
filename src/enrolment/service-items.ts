import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { enrolmentErrors } from './errors.ts';

export type ServiceItem = {
  readonly code: string;
  readonly group: Text;
  readonly title: Text;
  readonly for: 'person' | 'unit' | 'institution';
  /** 0: at once; undefined: none */
  readonly limitWorkingDays: number | undefined;
  /** of the limit: confirmed by a published text, or a local parameter whose text was not found */
  readonly limitBasis: (typeof BASES)[number];
};

const BASES = ['confirmed', 'unconfirmed'] as const;
const FOR = ['person', 'unit', 'institution'] as const;
const LIMIT_MAX = 250;

/**
 * The 28 items of the national service list (医保发〔2020〕18号). The names are national; no text with their time limits was found, so those
 * of the file are local parameters, marked `unconfirmed`, which an area replaces by its own file of the same columns.
 * @throws YibaoError with every cell that is wrong
 */
export function readServiceItems(file = join(import.meta.dirname, 'service-items.csv')): ServiceItem[] {
  const rows = parse(readFileSync(file, 'utf8'), { columns: true, bom: true, trim: true }) as Record<
    string,
    string
  >[];
  const problems: Problem[] = [];
  const report = (row: number, field: string, value: string | undefined, expected: Text) =>
    problems.push({
      definition: enrolmentErrors.wrongCell,
      file,
      row,
      field,
      value,
      parameters: { expectedZh: expected.zh, expectedEn: expected.en },
    });
  const codes = new Set<string>();
  const items = rows.map((row, index): ServiceItem => {
    const line = index + 2;
    const { code = '', limit_working_days: limit = '' } = row;
    if (code === '' || codes.has(code)) {
      report(line, 'code', code, { zh: '不重复的编码', en: 'a code that stands once' });
    }
    codes.add(code);
    const kind = FOR.find((one) => one === row.for);
    if (kind === undefined) {
      report(line, 'for', row.for, { zh: `${FOR.join('、')} 之一`, en: `one of ${FOR.join(', ')}` });
    }
    const basis = row.limit_basis ? BASES.find((one) => one === row.limit_basis) : 'unconfirmed';
    if (basis === undefined) {
      report(line, 'limit_basis', row.limit_basis, {
        zh: `${BASES.join('、')} 之一，或空`,
        en: `one of ${BASES.join(', ')}, or nothing`,
      });
    }
    if (!/^\d{0,3}$/.test(limit) || Number(limit) > LIMIT_MAX) {
      report(line, 'limit_working_days', limit, {
        zh: `0 至 ${LIMIT_MAX} 的工作日数，或空`,
        en: `0 to ${LIMIT_MAX} working days, or nothing`,
      });
    }
    return {
      code,
      group: { zh: row.group_zh ?? '', en: row.group_en ?? '' },
      title: { zh: row.zh ?? '', en: row.en ?? '' },
      for: kind ?? 'person',
      limitWorkingDays: limit === '' ? undefined : Number(limit),
      limitBasis: basis ?? 'unconfirmed',
    };
  });
  if (problems.length > 0) throw new YibaoError(problems);
  return items;
}

const SATURDAY = 6;

/** The day on which so many working days have passed, Monday to Friday; holidays that move are not known here. */
export function afterWorkingDays(day: string, workingDays: number): string {
  let date = Temporal.PlainDate.from(day);
  for (let left = workingDays; left > 0; ) {
    date = date.add({ days: 1 });
    if (date.dayOfWeek < SATURDAY) left -= 1;
  }
  return date.toString();
}
