import { PROCEDURE_ATTRIBUTES } from '#catalogue/area-tables.ts';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import { parseDecimal, roundTo } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { type DiagnosisPattern, diagnosesText, parseDiagnoses } from './diagnosis-pattern.ts';
import { catalogueErrors } from './errors.ts';
import {
  type CatalogueEntry,
  CONDITION_FIELDS,
  type ConditionField,
  GROUP_KINDS,
  type GroupCatalogue,
  type GroupKind,
  type Operation,
  TREATMENT_CLASSES,
  type TreatmentClass,
} from './group-catalogue.ts';
import { type NumberRange, parseNumberRange, rangeText } from './number-range.ts';
import { type OperationPattern, operationsText, parseOperations } from './operation-pattern.ts';
import { readTableFile, type TableRow } from './table-file.ts';
import { meaning, words } from './words.ts';

/** Rows that say what takes no part, beside the groups. */
export const EXCLUSION_KINDS = ['excluded-diagnosis', 'unused-operation', 'no-operation'] as const;
type RowKind = GroupKind | (typeof EXCLUSION_KINDS)[number];
export const ROW_KINDS: readonly RowKind[] = [...GROUP_KINDS, ...EXCLUSION_KINDS];
export const CATALOGUE_COLUMNS: readonly string[] = Object.keys(words.catalogue);

/** One cell's reading: its value, or the description of what it must be. */
type Reader<T> = { readonly read: (text: string) => T | undefined; readonly expected: Text };

const filled: Reader<string> = {
  read: (text) => (text === '' ? undefined : text),
  expected: { zh: '非空文本', en: 'text, not empty' },
};
const diagnoses: Reader<DiagnosisPattern[]> = {
  read: parseDiagnoses,
  expected: {
    zh: '诊断编码：类目（K35）、亚目（K35.9）、完整编码或区间（A00-C50），多个用 | 分隔',
    en: 'a diagnosis: category (K35), subcategory (K35.9), whole code or range (A00-C50), several joined by |',
  },
};
const operations: Reader<OperationPattern> = {
  read: parseOperations,
  expected: {
    zh: '手术操作编码：同时需要的用 + 或 , 相连，任选其一的用 | 或 / 相连，如 13.4100x001+(13.7100x001|13.7200)',
    en: 'operation codes: needed together joined by + or , and alternatives by | or /, such as 13.4100x001+(13.7100x001|13.7200)',
  },
};
const SCORE_DECIMALS = 4;
const score: Reader<bigint> = {
  read: (text) => {
    const value = /^\d{1,9}(\.\d{1,4})?$/.test(text) ? parseDecimal(text) : undefined;
    return value && roundTo(value, SCORE_DECIMALS);
  },
  expected: { zh: '不小于 0、至多四位小数的分值', en: 'a score, not below 0, at most four decimals' },
};
const meanCost: Reader<bigint> = {
  read: (text) => {
    const value = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? parseDecimal(text) : undefined;
    return value && value.numerator > 0n ? roundTo(value, 2) : undefined;
  },
  expected: {
    zh: '大于 0 的金额（元），至多六位小数，不带千分位',
    en: 'an amount above 0 in yuan, at most six decimals, no thousands separators',
  },
};
const numberRange: Reader<NumberRange> = {
  read: parseNumberRange,
  expected: { zh: '整数或区间，如 <29、>=18、750-999', en: 'a whole number or range: <29, >=18, 750-999' },
};
const sex: Reader<'1' | '2'> = {
  read: (text) => ({ '1': '1', '2': '2', 男: '1', 女: '2' })[text] as '1' | '2' | undefined,
  expected: { zh: ' 1（男）或 2（女）', en: '1 (male) or 2 (female)' },
};
const treatmentClass: Reader<TreatmentClass> = {
  read: (text) => TREATMENT_CLASSES.find((each) => each === meaning(words.classes, text)),
  expected: {
    zh: '综合病种类别 1（内科诊疗）、2（诊断性操作）、3（治疗性操作）或 4（相关手术）',
    en: 'a class: 1 medical, 2 diagnostic, 3 therapeutic or 4 surgery',
  },
};
const attribute: Reader<Operation['attribute']> = {
  read: (text) => PROCEDURE_ATTRIBUTES.find((each) => each === meaning(words.attributes, text)),
  expected: {
    zh: ` ${PROCEDURE_ATTRIBUTES.join('、')} 之一`,
    en: `one of ${PROCEDURE_ATTRIBUTES.join(', ')}`,
  },
};
const grade: Reader<number> = {
  read: (text) => {
    const place = ['一', '二', '三', '四'].indexOf(text.replace(/级$/, ''));
    return /^[1-4]$/.test(text) ? Number(text) : place < 0 ? undefined : place + 1;
  },
  expected: { zh: '手术级别 1 至 4', en: 'a grade from 1 to 4' },
};

/** Reads the cells of one row; what is wrong goes to `problems`, and the row counts as broken. */
class RowReader {
  broken = false;
  readonly row: number;
  readonly #file: string;
  readonly #cells: TableRow['cells'];
  readonly #problems: Problem[];

  constructor(file: string, { row, cells }: TableRow, problems: Problem[]) {
    this.#file = file;
    this.row = row;
    this.#cells = cells;
    this.#problems = problems;
  }

  text(field: string): string {
    return this.#cells[field] ?? '';
  }

  report(definition: ErrorDefinition, field: string, parameters: Problem['parameters'] = {}): void {
    this.broken = true;
    const place = { file: this.#file, row: this.row, field, value: this.text(field) };
    this.#problems.push({ definition, ...place, parameters });
  }

  /** undefined, with a problem, when the cell is not what it must be. */
  required<T>(field: string, reader: Reader<T>): T | undefined {
    const value = reader.read(this.text(field));
    if (value === undefined) {
      const parameters = { expected: reader.expected.zh, expectedEn: reader.expected.en };
      this.report(catalogueErrors.badValue, field, parameters);
    }
    return value;
  }

  /** undefined for an empty cell. */
  optional<T>(field: string, reader: Reader<T>): T | undefined {
    return this.text(field) === '' ? undefined : this.required(field, reader);
  }
}

/** How a file writes the kind when it writes numbers: `1=core,0=comprehensive`. */
export type KindCodes = ReadonlyMap<string, RowKind>;

export type CatalogueFiles = {
  readonly name: string;
  readonly groups: string;
  /** list of operations with their attribute; undefined: none */
  readonly operations?: string | undefined;
  readonly kindCodes?: KindCodes;
};

/**
 * Reads a group catalogue in the form cities publish. Everything wrong with it is reported together.
 * @throws YibaoError with file, row, field, value and remedy of each problem
 */
export async function readGroupCatalogue(files: CatalogueFiles): Promise<GroupCatalogue> {
  const problems: Problem[] = [];
  const rows = await readTableFile(files.groups, words.catalogue);
  const entries: CatalogueEntry[] = [];
  const excludedDiagnoses: DiagnosisPattern[] = [];
  const lists = { 'unused-operation': new Set<string>(), 'no-operation': new Set<string>() };
  for (const each of rows) {
    const reader = new RowReader(files.groups, each, problems);
    const kind = reader.required('kind', kindReader(files.kindCodes));
    if (kind === 'excluded-diagnosis') {
      const own = reader.required(
        'diagnosis',
        notEmpty(diagnoses, (patterns) => patterns.length > 0),
      );
      excludedDiagnoses.push(...(own ?? []));
    } else if (kind === 'unused-operation' || kind === 'no-operation') {
      const own = reader.required(
        'operations',
        notEmpty(operations, ({ parts }) => parts.length > 0),
      );
      for (const code of own?.parts.flat() ?? []) lists[kind].add(code);
    } else if (kind !== undefined) {
      const entry = readEntry(reader, kind);
      if (entry) entries.push(entry);
    }
  }
  checkAcrossRows(files.groups, entries, problems);
  const known = files.operations === undefined ? undefined : await readOperations(files.operations, problems);
  if (problems.length > 0) throw new YibaoError(problems);
  return {
    name: files.name,
    entries,
    excludedDiagnoses,
    unusedOperations: lists['unused-operation'],
    noOperations: lists['no-operation'],
    operations: known,
  };
}

const kindReader = (codes: KindCodes | undefined): Reader<RowKind> => ({
  read: (text) =>
    codes?.get(text.normalize('NFKC').trim()) ??
    ROW_KINDS.find((each) => each === meaning(words.kinds, text)),
  expected: {
    zh: ` ${ROW_KINDS.join('、')} 之一（或其中文名；用编号写的，以 --kinds 1=core,0=comprehensive 说明）`,
    en: `one of ${ROW_KINDS.join(', ')} (where the file has numbers, say what they mean: --kinds 1=core,0=comprehensive)`,
  },
});

const notEmpty = <T>({ read, expected }: Reader<T>, isFilled: (value: T) => boolean): Reader<T> => ({
  read: (text) => {
    const value = read(text);
    return value !== undefined && isFilled(value) ? value : undefined;
  },
  expected,
});

/** `A09-1`: the class stands at the end of the code of a comprehensive group. */
const classOfCode = (groupCode: string | undefined): TreatmentClass | undefined =>
  TREATMENT_CLASSES.find((each) => groupCode?.endsWith(`-${each}`));

function readEntry(reader: RowReader, kind: GroupKind): CatalogueEntry | undefined {
  const groupCode = reader.required('group_code', filled);
  const own = {
    diagnoses: reader.required(
      'diagnosis',
      kind === 'pre-group' || kind === 'blank'
        ? diagnoses
        : notEmpty(diagnoses, (patterns) => patterns.length > 0),
    ),
    otherDiagnoses: reader.required('other_diagnosis', diagnoses),
    operations: reader.required('operations', operations),
    score4: reader.required('score', score),
  };
  const numbers: Partial<Record<ConditionField, NumberRange>> = {};
  for (const field of CONDITION_FIELDS) {
    const range = reader.optional(field, numberRange);
    if (range) numbers[field] = range;
  }
  const classGiven = kind === 'comprehensive' ? reader.optional('class', treatmentClass) : undefined;
  const rest = {
    name: reader.text('name'),
    treatmentClass: classGiven ?? (kind === 'comprehensive' ? classOfCode(groupCode) : undefined),
    sex: reader.optional('sex', sex),
    meanFen: reader.optional('mean_cost', meanCost),
  };
  if (reader.broken) return undefined;
  return {
    groupCode: groupCode!,
    kind,
    diagnoses: own.diagnoses!,
    otherDiagnoses: own.otherDiagnoses!,
    operations: own.operations!,
    score4: own.score4!,
    numbers,
    ...rest,
    row: reader.row,
  };
}

/** What an entry asks for, as one text: two entries with the same can never be told apart. */
export const entryKey = (entry: CatalogueEntry): string =>
  [
    entry.kind,
    diagnosesText(entry.diagnoses),
    diagnosesText(entry.otherDiagnoses),
    operationsText(entry.operations),
    entry.treatmentClass ?? '',
    ...CONDITION_FIELDS.map((field) => (entry.numbers[field] ? rangeText(entry.numbers[field]) : '')),
    entry.sex ?? '',
  ].join(' ; ');

function checkAcrossRows(file: string, entries: readonly CatalogueEntry[], problems: Problem[]): void {
  const firstOfCode = new Map<string, CatalogueEntry>();
  const firstOfKey = new Map<string, CatalogueEntry>();
  for (const entry of entries) {
    const report = (definition: ErrorDefinition, earlier: CatalogueEntry) =>
      problems.push({
        definition,
        file,
        row: entry.row,
        field: 'group_code',
        value: entry.groupCode,
        parameters: { earlier: earlier.row, other: earlier.groupCode },
      });
    const key = entryKey(entry);
    const sameKey = firstOfKey.get(key);
    const sameCode = firstOfCode.get(entry.groupCode);
    if (sameKey) {
      const isSame = sameKey.groupCode === entry.groupCode;
      report(isSame ? catalogueErrors.repeatedRow : catalogueErrors.sameKey, sameKey);
    } else if (
      sameCode &&
      (sameCode.kind !== entry.kind || sameCode.score4 !== entry.score4 || sameCode.meanFen !== entry.meanFen)
    ) {
      report(catalogueErrors.differentScores, sameCode);
    }
    if (!sameKey) firstOfKey.set(key, entry);
    if (!sameCode) firstOfCode.set(entry.groupCode, entry);
  }
}

/**
 * Reads a list of operations: code, attribute and, where it has them, grades.
 * @throws YibaoError with file, row, field, value and remedy of each problem
 */
export async function readOperationsFile(file: string): Promise<ReadonlyMap<string, Operation>> {
  const problems: Problem[] = [];
  const known = await readOperations(file, problems);
  if (problems.length > 0) throw new YibaoError(problems);
  return known;
}

async function readOperations(file: string, problems: Problem[]): Promise<Map<string, Operation>> {
  const known = new Map<string, Operation>();
  const rowOf = new Map<string, number>();
  for (const each of await readTableFile(file, words.operations)) {
    const reader = new RowReader(file, each, problems);
    const code = reader.required('oprn_oprt_code', filled);
    const own = reader.required('attribute', attribute);
    const ownGrade = reader.optional('grade', grade);
    if (code === undefined || own === undefined || reader.broken) continue;
    const earlier = rowOf.get(code);
    if (earlier !== undefined) reader.report(catalogueErrors.repeatedRow, 'oprn_oprt_code', { earlier });
    else rowOf.set(code, each.row);
    known.set(code, { attribute: own, grade: ownGrade });
  }
  return known;
}
