import { closeSync, mkdtempSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { inspect, lineOfNul, lineOfWrongByte, readChunks, readHead } from '#claims/intake/bytes.ts';
import { CsvFault, CsvRecords } from '#claims/intake/csv-records.ts';
import { INTAKE_ERRORS, refuseFile } from '#claims/intake/errors.ts';
import { decodeHead } from '#claims/intake/text.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { fill, type Language, type Text } from '#kernel/locale.ts';
import { systemReason } from '#kernel/system-errors.ts';
import type { Outcome } from './case.ts';
import {
  CASE_COLUMNS,
  type CaseColumn,
  CaseReader,
  caseOf,
  invalidReasons,
  OPTIONAL_COLUMNS,
} from './case-row.ts';
import { drgErrors } from './errors.ts';
import { type CaseExplanation, explainSteps, explanationLine } from './explain-steps.ts';
import { Grouper } from './grouper.ts';
import type { FactField, Program } from './program.ts';
import type { Scheme } from './scheme.ts';

export type GroupFileOptions = {
  readonly program: Program;
  readonly cases: string;
  readonly out: string;
  /** given where the steps that decided are to be written too */
  readonly explainBy?: Scheme | undefined;
  readonly language: Language;
  /** hears the share of the file that is done, 0 to 1, and the number of cases */
  readonly onProgress?: (share: number, cases: number) => void;
};

export type GroupCounts = {
  readonly cases: number;
  readonly grouped: number;
  readonly ambiguous: number;
  readonly ungrouped: number;
  readonly invalid: number;
  /** columns the scheme tests and the file lacks: their tests are all false */
  readonly columnsMissing: readonly string[];
};

/** One line of the result. */
type ResultRow = Omit<Outcome, 'status'> & {
  readonly case_id: string;
  readonly status: Outcome['status'] | 'invalid';
  readonly reason: string;
};
type Counts = Record<ResultRow['status'], number>;

const HEAD_BYTES = 256 * 1024;
const FLUSH_CHARACTERS = 1024 * 1024;
const DELIMITERS = [',', '\t', ';'];
const RESULT_COLUMNS = ['case_id', 'mdc', 'adrg', 'drg', 'status', 'reason'] as const;

/**
 * Groups the cases of a CSV file (UTF-8 or GB18030) and writes one line per case, in the order of the file; as JSON
 * lines when `out` ends with `.jsonl` or `.ndjson`. The result is written beside and then put in place. Columns and
 * what makes a case invalid: docs/domain/drg.md#cases.
 * @throws YibaoError when the file as a whole cannot be read, or the result not be written; nothing is written then
 */
export async function groupFile(options: GroupFileOptions): Promise<GroupCounts> {
  const { cases: path, out } = options;
  const bytes = checkPlaces(path, out);
  const fileName = basename(path);
  const head = decodeHead({ fileName, path, bytes, key: '', onShare: () => {} }, readHead(path, HEAD_BYTES));
  const encoding = await encodingOf(path, bytes, fileName, head.provenUtf8);
  const { delimiter, header, line } = findHeader(head.text, fileName);
  const grouper = new Grouper(options.program);
  const places = placeColumns(header, line, fileName, grouper);
  const columnsMissing = OPTIONAL_COLUMNS.filter((column) => !places.has(column) && grouper.reads(column));

  const partial = mkdtempBeside(out);
  const remove = () => rmSync(partial, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const target = join(partial, basename(out));
    const writer = new ResultWriter(target, isJsonLines(out), options.explainBy !== undefined);
    const counts: Counts = { grouped: 0, ambiguous: 0, ungrouped: 0, invalid: 0 };
    const rows = new RowGrouper(grouper, places, header.length, options, writer, counts);
    try {
      await readRecords(path, bytes, { encoding, delimiter, headerLine: line }, rows, options);
    } catch (error) {
      if (error instanceof CsvFault) refuseFault(fileName, error);
      throw error;
    } finally {
      writer.close();
    }
    if (rows.count === 0) throw new YibaoError({ definition: drgErrors.noCases, file: fileName });
    if (rows.repeatedIds.size > 0) {
      await invalidateRepeated(target, rows.repeatedIds, isJsonLines(out), options, counts);
    }
    renameSync(target, out);
    return { cases: rows.count, ...counts, columnsMissing };
  } catch (error) {
    const reason = error instanceof YibaoError ? undefined : systemReason(error);
    if (reason === undefined) throw error;
    throw notWritable(out, reason, error);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

const isJsonLines = (out: string): boolean => /\.(jsonl|ndjson)$/i.test(out);

/** The size of the file of cases. */
function checkPlaces(path: string, out: string): number {
  let bytes: number;
  try {
    const status = statSync(path);
    if (!status.isFile()) throw Object.assign(new Error(path), { code: 'EISDIR' });
    bytes = status.size;
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    const parameters = { reason: reason.zh, reasonEn: reason.en };
    throw new YibaoError({ definition: drgErrors.unreadable, file: path, parameters }, { cause: error });
  }
  if (resolve(path) === resolve(out)) throw new YibaoError({ definition: drgErrors.overCases, file: out });
  const existing = statSync(out, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isFile()) {
    throw notWritable(out, { zh: '是一个文件夹，不是文件', en: 'it is a folder, not a file' });
  }
  return bytes;
}

function mkdtempBeside(out: string): string {
  try {
    return mkdtempSync(join(dirname(resolve(out)), `.${basename(out)}.partial-`));
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw notWritable(out, reason, error);
  }
}

const notWritable = (out: string, reason: Text, cause?: unknown): YibaoError =>
  new YibaoError(
    {
      definition: drgErrors.outNotWritable,
      file: out,
      parameters: { reason: reason.zh, reasonEn: reason.en },
    },
    { cause },
  );

/** One pass over the file. Throws YibaoError intake.utf-16, .truncated or .wrong-encoding with the line. */
async function encodingOf(
  path: string,
  bytes: number,
  fileName: string,
  provenUtf8: boolean,
): Promise<'utf-8' | 'gb18030'> {
  const { utf8, hasNul } = await inspect(path, bytes, () => {});
  if (hasNul) refuseFile(INTAKE_ERRORS.utf16, fileName, { row: await lineOfNul(path) });
  if (utf8 === 'valid') return 'utf-8';
  if (utf8 === 'cut') {
    refuseFile(INTAKE_ERRORS.truncated, fileName, { row: await lineOfWrongByte(path, ['utf-8']) });
  }
  if (!provenUtf8 && (await decodesAs('gb18030', path))) return 'gb18030';
  const encodings = provenUtf8 ? (['utf-8'] as const) : (['utf-8', 'gb18030'] as const);
  return refuseFile(INTAKE_ERRORS.wrongEncoding, fileName, { row: await lineOfWrongByte(path, encodings) });
}

async function decodesAs(encoding: string, path: string): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of readChunks(path)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

type Header = { readonly delimiter: string; readonly header: readonly string[]; readonly line: number };

/** The first record, split by the delimiter that finds most of the columns. */
function findHeader(text: string, fileName: string): Header {
  const candidates = DELIMITERS.map((delimiter): Header => {
    let header: Header = { delimiter, header: [], line: 1 };
    try {
      const records = new CsvRecords(delimiter, (cells, line) => {
        if (header.header.length === 0)
          header = { delimiter, header: cells.map((cell) => cell.trim()), line };
      });
      records.push(text);
      if (header.header.length === 0) records.finish();
    } catch (error) {
      if (!(error instanceof CsvFault)) throw error;
      if (header.header.length === 0 && delimiter === ',') refuseFault(fileName, error);
    }
    return header;
  });
  const known = ({ header }: Header) =>
    header.filter((name) => ([...CASE_COLUMNS, ...OPTIONAL_COLUMNS] as readonly string[]).includes(name))
      .length;
  return candidates.reduce((best, each) => (known(each) > known(best) ? each : best));
}

/** Where each column stands. Columns the scheme does not test may be missing. */
function placeColumns(
  header: readonly string[],
  row: number,
  file: string,
  grouper: Grouper,
): ReadonlyMap<CaseColumn, number> {
  const problems: Problem[] = [];
  const places = new Map<CaseColumn, number>();
  const parameters = { columns: CASE_COLUMNS.join(',') };
  for (const column of [...CASE_COLUMNS, ...OPTIONAL_COLUMNS]) {
    const times = header.filter((name) => name === column).length;
    if (times > 1) problems.push({ definition: drgErrors.repeatedColumn, file, row, field: column });
    if (times === 1) places.set(column, header.indexOf(column));
    const always = ['case_id', 'diagnoses', 'procedures'].includes(column);
    const optional = (OPTIONAL_COLUMNS as readonly string[]).includes(column);
    if (times === 0 && !optional && (always || grouper.reads(column as FactField))) {
      problems.push({ definition: drgErrors.missingColumn, file, row, field: column, parameters });
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
  return places;
}

async function readRecords(
  path: string,
  bytes: number,
  form: { readonly encoding: string; readonly delimiter: string; readonly headerLine: number },
  rows: RowGrouper,
  options: GroupFileOptions,
): Promise<void> {
  const decoder = new TextDecoder(form.encoding);
  const records = new CsvRecords(form.delimiter, (cells, line) => {
    if (line > form.headerLine) rows.group(cells);
  });
  let read = 0;
  for await (const chunk of readChunks(path)) {
    records.push(decoder.decode(chunk, { stream: true }));
    read += chunk.length;
    options.onProgress?.(read / bytes, rows.count);
  }
  records.push(decoder.decode());
  records.finish();
}

const FAULTS = {
  'unclosed-quote': INTAKE_ERRORS.unclosedQuote,
  'bad-quote': INTAKE_ERRORS.badQuote,
  'too-long': INTAKE_ERRORS.recordTooLong,
};

function refuseFault(fileName: string, fault: CsvFault): never {
  return refuseFile(FAULTS[fault.kind], fileName, { row: fault.line }, fault);
}

/** Groups record by record and hands each result to the writer. */
class RowGrouper {
  count = 0;
  readonly repeatedIds = new Set<string>();
  readonly #ids = new Set<string>();
  readonly #grouper: Grouper;
  readonly #reader: CaseReader;
  readonly #places: ReadonlyMap<CaseColumn, number>;
  readonly #columns: number;
  readonly #options: GroupFileOptions;
  readonly #writer: ResultWriter;
  readonly #counts: Counts;
  readonly #value: (field: CaseColumn) => string;
  #cells: readonly string[] = [];

  constructor(
    grouper: Grouper,
    places: ReadonlyMap<CaseColumn, number>,
    columns: number,
    options: GroupFileOptions,
    writer: ResultWriter,
    counts: Counts,
  ) {
    this.#grouper = grouper;
    this.#reader = new CaseReader(grouper);
    this.#places = places;
    this.#columns = columns;
    this.#options = options;
    this.#writer = writer;
    this.#counts = counts;
    this.#value = (field) => {
      const place = this.#places.get(field);
      // a column the scheme does not test is not held against a case
      if (place === undefined) return '';
      if (field === 'icu_hours' && !grouper.reads(field)) return '';
      return this.#cells[place]!.trim();
    };
  }

  group(cells: readonly string[]): void {
    this.count++;
    this.#cells = cells;
    const caseId = cells[this.#places.get('case_id')!]?.trim() ?? '';
    this.#noteId(caseId);
    const wrong = this.#check(caseId);
    if (wrong !== undefined) {
      this.#counts.invalid++;
      const reason = fill(wrong.reason[this.#options.language], wrong.parameters ?? {});
      this.#writer.write(invalidRow(caseId, reason), undefined);
      return;
    }
    const diagnoses = this.#value('diagnoses');
    const procedures = this.#value('procedures');
    const number = this.#grouper.groupTexts(diagnoses, procedures, this.#reader.facts);
    const outcome = this.#grouper.outcomes[number]!;
    this.#counts[outcome.status]++;
    const explanation = this.#explain(outcome, diagnoses, procedures);
    this.#writer.write({ case_id: caseId, ...outcome, reason: '' }, explanation);
  }

  /** Why the record cannot be grouped; undefined when it can, and its facts are read. */
  #check(caseId: string): Invalid | undefined {
    const found = this.#cells.length;
    if (found !== this.#columns) {
      return { reason: invalidReasons.ragged, parameters: { found, expected: this.#columns } };
    }
    if (caseId === '') return { reason: invalidReasons.noId };
    if (/^\s*(\||$)/.test(this.#value('diagnoses'))) return { reason: invalidReasons.noPrincipal };
    const field = this.#reader.readFacts(this.#value);
    if (field === undefined) return undefined;
    const reason = field === 'sex' ? invalidReasons.noSex : invalidReasons.notANumber;
    return { reason, parameters: { field, value: this.#value(field) } };
  }

  #noteId(caseId: string): void {
    if (this.#ids.has(caseId)) {
      if (caseId !== '') this.repeatedIds.add(caseId);
    } else this.#ids.add(caseId);
  }

  #explain(outcome: Outcome, diagnoses: string, procedures: string): CaseExplanation | undefined {
    if (this.#options.explainBy === undefined) return undefined;
    const explanation = explainSteps(this.#options.explainBy, caseOf(this.#value, diagnoses, procedures));
    const said = explanation.outcome;
    if (said.drg !== outcome.drg || said.adrg !== outcome.adrg || said.mdc !== outcome.mdc) {
      throw new Error(`compiled ${JSON.stringify(outcome)}, interpreted ${JSON.stringify(said)}`);
    }
    return explanation;
  }
}

type Invalid = {
  readonly reason: Text;
  readonly parameters?: Readonly<Record<string, string | number>>;
};

const invalidRow = (caseId: string, reason: string): ResultRow => ({
  case_id: caseId,
  mdc: '',
  adrg: '',
  drg: '',
  status: 'invalid',
  reason,
});

/** Writes result lines, as CSV or JSON, in large pieces. */
class ResultWriter {
  readonly #descriptor: number;
  readonly #json: boolean;
  readonly #explained: boolean;
  #text = '';

  constructor(path: string, json: boolean, explained: boolean) {
    this.#descriptor = openSync(path, 'w');
    this.#json = json;
    this.#explained = explained;
    if (!json) this.#text = `${[...RESULT_COLUMNS, ...(explained ? ['explanation'] : [])].join(',')}\n`;
  }

  write(row: ResultRow, explanation: CaseExplanation | undefined): void {
    if (this.#json) {
      const { case_id, mdc, adrg, drg, status, reason } = row;
      const object = { case_id, mdc, adrg, drg, status, reason };
      const { steps = [], left = [] } = explanation ?? {};
      this.#text += `${JSON.stringify(this.#explained ? { ...object, steps, left } : object)}\n`;
    } else {
      this.#text += `${cell(row.case_id)},${cell(row.mdc)},${cell(row.adrg)},${cell(row.drg)},${row.status},${cell(row.reason)}`;
      if (this.#explained) {
        this.#text += `,${explanation === undefined ? '' : cell(explanationLine(explanation))}`;
      }
      this.#text += '\n';
    }
    if (this.#text.length > FLUSH_CHARACTERS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    writeSync(this.#descriptor, this.#text);
    this.#text = '';
  }
}

const cell = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Goes over the result once more, only when ids stand twice, and makes every line of such an id invalid. */
async function invalidateRepeated(
  path: string,
  repeated: ReadonlySet<string>,
  json: boolean,
  options: GroupFileOptions,
  counts: Counts,
): Promise<void> {
  const first = `${path}.first`;
  renameSync(path, first);
  const explained = options.explainBy !== undefined;
  const descriptor = openSync(path, 'w');
  let text = '';
  const reason = invalidReasons.repeatedId[options.language];
  const isRepeated = (caseId: string, status: string): boolean => {
    if (!repeated.has(caseId)) return false;
    counts[status as ResultRow['status']]--;
    counts.invalid++;
    return true;
  };
  const put = (line: string) => {
    text += `${line}\n`;
    if (text.length <= FLUSH_CHARACTERS) return;
    writeSync(descriptor, text);
    text = '';
  };
  const putJson = (line: string) => {
    if (line === '') return;
    const row = JSON.parse(line);
    if (!isRepeated(row.case_id, row.status)) return put(line);
    put(
      JSON.stringify({ ...invalidRow(row.case_id, reason), ...(explained ? { steps: [], left: [] } : {}) }),
    );
  };
  const records = new CsvRecords(',', (cells) => {
    const [caseId, , , , status] = cells as [string, string, string, string, string];
    const invalid = [caseId, '', '', '', 'invalid', reason, ...(explained ? [''] : [])];
    put((isRepeated(caseId, status) ? invalid : cells).map(cell).join(','));
  });
  const decoder = new TextDecoder();
  let carry = '';
  try {
    for await (const chunk of readChunks(first)) {
      const piece = decoder.decode(chunk, { stream: true });
      if (!json) {
        records.push(piece);
        continue;
      }
      const lines = (carry + piece).split('\n');
      carry = lines.pop()!;
      for (const line of lines) putJson(line);
    }
    if (json) putJson(carry);
    else records.finish();
    writeSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}
