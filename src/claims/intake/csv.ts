import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import type { Text } from '#kernel/locale.ts';
import { readChunks, readHead } from './bytes.ts';
import { type ColumnPlaces, LIST_COLUMNS, placeColumns, recognisedColumns } from './columns.ts';
import { CsvFault, CsvRecords } from './csv-records.ts';
import { CsvScan } from './csv-scan.ts';
import { INTAKE_ERRORS, refuseFile } from './errors.ts';
import type { ListFile, ListSource, MalformedRecord } from './file.ts';
import { NormalisedFile, selectFromCsv } from './normalised.ts';
import { BYTE_ORDER_MARK, decodeHead, openText } from './text.ts';

const HEAD_BYTES = 256 * 1024;
const MALFORMED_MAX = 10_000;
const DELIMITERS = [',', '\t', ';'];

type FirstRecord = {
  readonly cells: readonly string[];
  readonly delimiter: string;
  /** line on which it starts, from 1 */
  readonly line: number;
};

type Header = FirstRecord & {
  /** The header is all of line 1 and nothing else. */
  readonly plain: boolean;
  /** length of a byte order mark */
  readonly skipBytes: number;
  /** Bytes that are not UTF-8 are damage, not GB18030. */
  readonly provenUtf8: boolean;
};

/**
 * Opens a CSV file (UTF-8 or GB18030, with or without BOM; comma, tab or semicolon; LF or CRLF).
 * A plain file is read by DuckDB as it is; any other goes record by record through a careful reader into a temporary
 * file, with the same result. `carefully` forces the second way. Throws YibaoError for a file refused whole.
 */
export async function openCsv(
  engine: Engine,
  file: ListFile,
  options: { readonly carefully?: boolean } = {},
): Promise<ListSource> {
  const header = readHeader(file);
  const places = placeColumns(header.cells, file.fileName, header.line);
  const scan = new CsvScan(header.delimiter, header.cells.length, header.skipBytes);
  const text = await openText(engine, file, { reader: scan, provenUtf8: header.provenUtf8 });
  const rows = scan.rows();
  const { fileName, path, bytes } = file;
  if (rows !== undefined && header.plain && !options.carefully) {
    return {
      fileName,
      path,
      bytes,
      sha256: async () => text.sha256,
      rows,
      select: selectFromCsv({
        path: text.path,
        header: header.cells,
        delimiter: header.delimiter,
        places,
        parallel: true,
      }),
      malformed: [],
    };
  }
  const target = new NormalisedFile(join(engine.workFolder, `${file.key}-lists.csv`));
  try {
    const malformed = await readCarefully(file, text, header, places, target);
    return { fileName, path, bytes, sha256: async () => text.sha256, malformed, ...target.finish() };
  } catch (error) {
    target.abandon();
    throw error;
  }
}

/** Finds the header and, by the names on it, the delimiter. Throws YibaoError when its quotes are broken. */
function readHeader(file: ListFile): Header {
  const head = decodeHead(file, readHead(file.path, HEAD_BYTES));
  const separator = /^sep=(.)\r?\n/i.exec(head.text);
  const rest = head.text.slice(separator?.[0].length ?? 0);
  const candidates = (separator ? [separator[1]!] : DELIMITERS).map((delimiter) =>
    firstRecord(rest, delimiter, separator ? 2 : 1),
  );
  const headers = candidates.filter(
    (candidate): candidate is FirstRecord => !(candidate instanceof CsvFault),
  );
  if (headers.length === 0) refuseFault(file, candidates[0] as CsvFault);
  const recognised = (header: FirstRecord) => recognisedColumns(header.cells);
  const best = headers.reduce((a, b) => (recognised(b) > recognised(a) ? b : a));
  return {
    ...best,
    plain: best.line === 1 && !best.cells.some((cell) => cell.includes('\n')),
    skipBytes: head.byteOrderMark ? BYTE_ORDER_MARK.length : 0,
    provenUtf8: head.provenUtf8,
  };
}

/** Splits off the first record; the head of a large file may end inside a later one. */
function firstRecord(text: string, delimiter: string, firstLine: number): FirstRecord | CsvFault {
  let first: FirstRecord | undefined;
  const records = new CsvRecords(
    delimiter,
    (cells, line) => {
      first ??= { cells, line, delimiter };
    },
    firstLine,
  );
  try {
    records.push(text);
    if (first === undefined) records.finish();
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    if (first === undefined) return error;
  }
  return first ?? { cells: [], line: firstLine, delimiter };
}

/** Reads record by record; the malformed ones are returned, the others written to `target`. Throws YibaoError. */
async function readCarefully(
  file: ListFile,
  text: { readonly path: string; readonly endsWithNewline: boolean },
  header: Header,
  places: ColumnPlaces,
  target: NormalisedFile,
): Promise<MalformedRecord[]> {
  const order = LIST_COLUMNS.map((column) => places.get(column));
  const setlIdPlace = places.get('setl_id')!;
  const expected = header.cells.length;
  const malformed: MalformedRecord[] = [];
  let lastIsShort = false;
  let lastLine = header.line;

  const records = new CsvRecords(header.delimiter, (fields, line) => {
    if (line <= header.line) return;
    lastIsShort = fields.length < expected;
    lastLine = line;
    if (fields.length === expected) {
      target.write(
        order.map((place) => (place === undefined ? null : fields[place])),
        line,
      );
      return;
    }
    const setlId = fields[setlIdPlace]?.trim() ?? '';
    malformed.push({ row: line, setlId, problem: raggedProblem(fields.length, expected) });
    if (malformed.length > MALFORMED_MAX) {
      const parameters = { limit: MALFORMED_MAX };
      refuseFile(INTAKE_ERRORS.tooManyMalformed, file.fileName, { row: malformed[0]!.row, parameters });
    }
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of readChunks(text.path)) records.push(decoder.decode(chunk, { stream: true }));
    records.finish();
  } catch (error) {
    if (error instanceof CsvFault) refuseFault(file, error);
    throw error;
  }
  if (lastIsShort && !text.endsWithNewline) {
    refuseFile(INTAKE_ERRORS.truncated, file.fileName, { row: lastLine });
  }
  return malformed;
}

const raggedProblem = (found: number, expected: number): Text => ({
  zh: `该行有 ${found} 列，表头有 ${expected} 列：补齐或删去多余的分隔符，含分隔符的值要用双引号括起`,
  en: `the line has ${found} columns, the header ${expected}: add or remove separators, and put values that hold one in quotes`,
});

const FAULTS = {
  'unclosed-quote': INTAKE_ERRORS.unclosedQuote,
  'bad-quote': INTAKE_ERRORS.badQuote,
  'too-long': INTAKE_ERRORS.recordTooLong,
};

function refuseFault(file: ListFile, fault: CsvFault): never {
  refuseFile(FAULTS[fault.kind], file.fileName, { row: fault.line }, fault);
}
