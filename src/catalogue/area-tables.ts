import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { areaErrors } from '#catalogue/errors.ts';
import { csvRecords, decodeText, type TableRow } from '#catalogue/table-file.ts';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import { parseDecimal, roundTo } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { parseYuan } from '#kernel/money.ts';
import { systemReason } from '#kernel/system-errors.ts';
import { type CaseTables, readCaseTables } from './case-tables.ts';
import { type PointsTables, readPointsTables } from './points-tables.ts';

/** What procedures.csv says of a procedure code. `minor` procedures do not count for grouping. */
export const PROCEDURE_ATTRIBUTES = [
  'surgery',
  'intervention',
  'therapeutic',
  'diagnostic',
  'minor',
] as const;
export type ProcedureAttribute = (typeof PROCEDURE_ATTRIBUTES)[number];

/** 310 employee, 390 resident: the `insutype` of a list. */
export const SCHEMES = ['310', '390'] as const;
export type SchemeCode = (typeof SCHEMES)[number];

export type Institution = {
  readonly fixmedinsCode: string;
  readonly name: string;
  readonly level: 1 | 2 | 3;
  /** such as general, specialist, TCM; empty where institutions.csv has no column `type` */
  readonly type: string;
};
export type InstitutionYear = {
  readonly year: number;
  readonly fixmedinsCode: string;
  readonly scheme: SchemeCode;
  /** in units of 10^−8 */
  readonly assessmentCoefficient8: bigint;
  readonly auditDeductionFen: bigint;
  readonly advancePaidFen: bigint;
};

/** The small tables of an area folder, checked as a whole. */
export type AreaTables = {
  /** ascending by code: the position is the institution_no */
  readonly institutions: readonly Institution[];
  readonly procedures: ReadonlyMap<string, ProcedureAttribute>;
  readonly primaryCareGroups: ReadonlySet<string>;
  readonly budgets: readonly {
    readonly year: number;
    readonly scheme: SchemeCode;
    readonly budgetFen: bigint;
    /** line of budget.csv; undefined for a budget that a plan gives */
    readonly row?: number | undefined;
  }[];
  readonly institutionYears: readonly InstitutionYear[];
  /** names of diagnoses and procedures for people to read; empty when the area gives none */
  readonly codeNames: ReadonlyMap<string, string>;
  /** what area files say of scores, coefficients and typing */
  readonly points: PointsTables;
  /** what the area says of single groups and cases; each file is optional */
  readonly cases: CaseTables;
  /** sha256 of each file read, by file name */
  readonly hashes: ReadonlyMap<string, string>;
};

type RawRow = { readonly row: number; readonly cells: Readonly<Record<string, string>> };

/** One field's reading: the value, or the description of what it must be. */
export type Reader<T> = { readonly read: (text: string) => T | undefined; readonly expected: Text };

const anyText: Reader<string> = { read: (text) => text, expected: { zh: '文本', en: 'text' } };
export const filled: Reader<string> = {
  read: (text) => (text === '' ? undefined : text),
  expected: { zh: '非空文本', en: 'text, not empty' },
};
export const year: Reader<number> = {
  read: (text) => (/^(19|20)\d\d$/.test(text) ? Number(text) : undefined),
  expected: { zh: '四位年份，如 2025', en: 'a year of four digits, such as 2025' },
};
export const scheme: Reader<SchemeCode> = {
  read: (text) => SCHEMES.find((code) => code === text),
  expected: { zh: ' 310（职工）或 390（居民）', en: '310 (employee) or 390 (resident)' },
};
export const level: Reader<1 | 2 | 3> = {
  read: (text) => (text === '1' || text === '2' || text === '3' ? (Number(text) as 1 | 2 | 3) : undefined),
  expected: { zh: '机构等级 1、2 或 3', en: 'a level: 1, 2 or 3' },
};
export const amount: Reader<bigint> = {
  read: (text) => {
    const value = parseYuan(text);
    return value === undefined || value < 0n ? undefined : value;
  },
  expected: {
    zh: '不小于 0、至多两位小数的金额（元），不带千分位',
    en: 'an amount in yuan, not below 0, at most two decimals, no thousands separators',
  },
};
const attribute: Reader<ProcedureAttribute> = {
  read: (text) => PROCEDURE_ATTRIBUTES.find((name) => name === text),
  expected: {
    zh: ` ${PROCEDURE_ATTRIBUTES.join('、')} 之一`,
    en: `one of ${PROCEDURE_ATTRIBUTES.join(', ')}`,
  },
};
const ASSESSMENT_COEFFICIENT_MAX = 10;
const coefficient: Reader<bigint> = {
  read: (text) => {
    const value = /^\d{1,2}(\.\d{1,8})?$/.test(text) ? parseDecimal(text) : undefined;
    if (value === undefined) return undefined;
    const scaled = roundTo(value, 8);
    return scaled > BigInt(ASSESSMENT_COEFFICIENT_MAX) * 100_000_000n ? undefined : scaled;
  },
  expected: {
    zh: ' 0 至 10 之间的系数，至多八位小数',
    en: 'a coefficient between 0 and 10, at most eight decimals',
  },
};

/**
 * Reads the small tables of an area folder. Everything wrong with all of them is reported together.
 * @throws YibaoError with file, row, field, value and remedy of each problem
 */
export function readAreaTables(folder: string): AreaTables {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new YibaoError({ definition: areaErrors.folderMissing, file: folder });
  }
  const problems: Problem[] = [];
  if (!existsSync(join(folder, 'area.yaml'))) {
    problems.push({ definition: areaErrors.headerMissing, file: 'area.yaml' });
  }
  const hashes = new Map<string, string>();
  const open = (file: string, columns: readonly string[], required: boolean) =>
    new Table(folder, file, columns, required, problems, hashes);

  const institutionTable = open('institutions.csv', ['fixmedins_code', 'name', 'level'], true);
  const institutions = institutionTable
    .records(
      (field) => ({
        fixmedinsCode: field('fixmedins_code', filled),
        name: field('name', filled),
        level: field('level', level),
        type: field('type', anyText),
      }),
      { key: ['fixmedins_code'], atLeastOne: true },
    )
    .toSorted((a, b) => (a.fixmedinsCode < b.fixmedinsCode ? -1 : 1));
  const known = new Set(institutions.map((institution) => institution.fixmedinsCode));
  const procedures = open('procedures.csv', ['oprn_oprt_code', 'attribute'], true).records(
    (field) => ({ code: field('oprn_oprt_code', filled), attribute: field('attribute', attribute) }),
    { key: ['oprn_oprt_code'] },
  );
  const primaryCare = open('primary_care_groups.csv', ['group_code'], false).records((field) => ({
    groupCode: field('group_code', filled),
  }));
  // a budget plan can stand in its place
  const needsBudget = !existsSync(join(folder, 'budget_plan.yaml'));
  const budgets = open('budget.csv', ['year', 'insutype', 'budget'], needsBudget).records(
    (field, row) => ({
      year: field('year', year),
      scheme: field('insutype', scheme),
      budgetFen: field('budget', amount),
      row,
    }),
    { key: ['year', 'insutype'], atLeastOne: needsBudget },
  );
  const institutionYearTable = open(
    'institution_year.csv',
    ['year', 'fixmedins_code', 'insutype', 'assessment_coefficient', 'audit_deduction', 'advance_paid'],
    false,
  );
  const institutionYears = institutionYearTable.records(
    (field) => ({
      year: field('year', year),
      fixmedinsCode: field('fixmedins_code', filled),
      scheme: field('insutype', scheme),
      assessmentCoefficient8: field('assessment_coefficient', coefficient),
      auditDeductionFen: field('audit_deduction', amount),
      advancePaidFen: field('advance_paid', amount),
    }),
    {
      key: ['year', 'fixmedins_code', 'insutype'],
      check: (row, report) => {
        if (!known.has(row.fixmedinsCode) && !institutionTable.broken) {
          report(areaErrors.unknownInstitution, 'fixmedins_code', row.fixmedinsCode);
        }
      },
    },
  );
  const codeNames = open('code_names.csv', ['code', 'name'], false).records((field) => ({
    code: field('code', filled),
    name: field('name', filled),
  }));

  const points = readPointsTables(open, institutionTable.broken ? undefined : known);
  const cases = readCaseTables(open);

  if (problems.length > 0) throw new YibaoError(problems);
  return {
    institutions,
    procedures: new Map(procedures.map((row) => [row.code, row.attribute])),
    primaryCareGroups: new Set(primaryCare.map((row) => row.groupCode)),
    budgets,
    institutionYears,
    codeNames: new Map(codeNames.map((row) => [row.code, row.name])),
    points,
    cases,
    hashes,
  };
}

/** One CSV of the area folder; what is wrong with it goes to the shared list of problems. */
export class Table {
  readonly file: string;
  /** the area folder has the file */
  present = false;
  broken = false;
  #rows: RawRow[] = [];
  #problems: Problem[];

  constructor(
    folder: string,
    file: string,
    columns: readonly string[],
    required: boolean,
    problems: Problem[],
    hashes: Map<string, string>,
  ) {
    this.file = file;
    this.#problems = problems;
    const path = join(folder, file);
    // a link that leads nowhere is there and cannot be opened: it must not pass for an optional file left out
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      if (required) this.#report(areaErrors.fileMissing, { parameters: { columns: columns.join(',') } });
      return;
    }
    this.present = true;
    const bytes = this.#read(path);
    if (bytes === undefined) return;
    hashes.set(file, createHash('sha256').update(bytes).digest('hex'));
    const parsed = this.#parse(bytes);
    if (!parsed) return;
    const header = parsed[0]?.cells.map((cell) => cell.trim()) ?? [];
    for (const column of columns) {
      const times = header.filter((name) => name === column).length;
      if (times === 1) continue;
      const definition = times === 0 ? areaErrors.missingColumn : areaErrors.repeatedColumn;
      this.#report(definition, { row: 1, field: column, parameters: { columns: columns.join(',') } });
    }
    if (this.broken) return;
    for (const { row, cells } of parsed.slice(1)) {
      if (cells.every((cell) => cell.trim() === '')) continue;
      // an amount such as 1,000.00 without quotes would lose its end silently
      const extra = cells.slice(header.length).find((cell) => cell.trim() !== '');
      if (extra !== undefined) {
        const parameters = { found: cells.length, expected: header.length };
        this.#report(areaErrors.tooManyCells, { row, value: cells.join(','), parameters });
        continue;
      }
      this.#rows.push({
        row,
        cells: Object.fromEntries(header.map((name, index) => [name, (cells[index] ?? '').trim()])),
      });
    }
  }

  #report(definition: ErrorDefinition, place: Omit<Problem, 'definition' | 'file'>): void {
    this.broken = true;
    this.#problems.push({ definition, file: this.file, ...place });
  }

  #read(path: string): Buffer | undefined {
    try {
      return readFileSync(path);
    } catch (error) {
      const reason = systemReason(error);
      if (reason === undefined) throw error;
      this.#report(areaErrors.unreadable, { parameters: { reason: reason.zh, reasonEn: reason.en } });
      return undefined;
    }
  }

  /** The records with the line each starts on; undefined, with a problem, when the bytes are not a CSV text. */
  #parse(bytes: Buffer): readonly TableRow[] | undefined {
    const text = decodeText(bytes);
    if (text === undefined) {
      this.#report(areaErrors.wrongEncoding, {});
      return undefined;
    }
    if (text.trim() === '') {
      this.#report(areaErrors.empty, {});
      return undefined;
    }
    const records = csvRecords(text);
    if (Array.isArray(records)) return records;
    const definition = records.kind === 'unclosed-quote' ? areaErrors.unclosedQuote : areaErrors.badQuote;
    this.#report(definition, { row: records.row });
    return undefined;
  }

  /** Reads every row; rows with a problem are left out and reported. */
  records<T extends object>(
    build: (field: <V>(name: string, reader: Reader<V>) => V, row: number) => T,
    rules: {
      /** columns that together must be unique */
      readonly key?: readonly string[];
      readonly atLeastOne?: boolean;
      readonly check?: (
        row: T,
        report: (definition: ErrorDefinition, field: string, value: string) => void,
      ) => void;
    } = {},
  ): T[] {
    if (rules.atLeastOne && this.#rows.length === 0 && !this.broken) this.#report(areaErrors.noRows, {});
    const result: T[] = [];
    const seen = new Map<string, number>();
    for (const { row, cells } of this.#rows) {
      const before = this.#problems.length;
      const built = build((name, reader) => {
        const text = cells[name] ?? '';
        const value = reader.read(text);
        if (value === undefined) {
          this.#report(areaErrors.badValue, {
            row,
            field: name,
            value: text,
            parameters: { expected: reader.expected.zh, expectedEn: reader.expected.en },
          });
        }
        return value as NonNullable<typeof value>;
      }, row);
      if (this.#problems.length > before) continue;
      rules.check?.(built, (definition, field, value) => this.#report(definition, { row, field, value }));
      if (rules.key !== undefined) {
        const identity = rules.key.map((column) => cells[column]).join(',');
        const earlier = seen.get(identity);
        if (earlier !== undefined) {
          const field = rules.key.join(',');
          this.#report(areaErrors.repeatedRow, { row, field, value: identity, parameters: { earlier } });
          continue;
        }
        seen.set(identity, row);
      }
      result.push(built);
    }
    return result;
  }
}
