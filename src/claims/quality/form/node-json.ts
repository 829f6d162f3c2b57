import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, literal } from '#engine/duckdb.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { readChunks, readHead } from '../../intake/bytes.ts';
import { LIST_COLUMNS } from '../../intake/columns.ts';
import { INTAKE_ERRORS, refuseFile } from '../../intake/errors.ts';
import type { ListFile } from '../../intake/file.ts';
import {
  DuplicateKey,
  type Json,
  type JsonObject,
  parseExactly,
  reduceList,
} from '../../intake/json-list.ts';
import { JsonFault, JsonSplitter } from '../../intake/json-split.ts';
import { fileLiteral } from '../../intake/normalised.ts';
import { decodeHead, openText } from '../../intake/text.ts';
import { qualityErrors } from '../errors.ts';
import { fieldOf, fieldsOf, ITEM_NODES, NODES } from '../fields.ts';
import { csvField, type OpenedNode } from './node-csv.ts';

const HEAD_BYTES = 64 * 1024;
const FLUSH_CHARACTERS = 1_000_000;
const PROBLEMS_MAX = 50;

const FAULTS = {
  truncated: INTAKE_ERRORS.truncated,
  'not-an-object': INTAKE_ERRORS.jsonNotObject,
  'line-end-in-text': INTAKE_ERRORS.jsonSyntax,
  unexpected: INTAKE_ERRORS.jsonStray,
};

/**
 * Opens a JSON file of 4101/4101A messages (objects one after the other, or one array), as every node that occurs. A flat
 * object is a fifteen-column list: its columns become setlinfo, its codes diseinfo and oprninfo. The row of a list is the
 * line its object starts on, or its number in the array. Numbers keep the digits they are written with. Any bad record
 * refuses the file, all of them named.
 */
export async function openNodeJson(
  engine: Engine,
  file: ListFile,
): Promise<{
  readonly nodes: ReadonlyMap<string, OpenedNode>;
  readonly national: boolean;
  readonly sha256: string;
}> {
  const { provenUtf8 } = decodeHead(file, readHead(file.path, HEAD_BYTES));
  const text = await openText(engine, file, { provenUtf8 });
  const writers = new Map(NODES.map((node) => [node, new NodeWriter(engine, file.key, node)]));
  const problems: Problem[] = [];
  let national = false;
  let lists = 0;
  const splitter: JsonSplitter = new JsonSplitter((record, line, number) => {
    const row = splitter.isArray ? number : line;
    try {
      national = writeMessage(parseExactly(record) as JsonObject, row, lists, writers) || national;
      lists += 1;
    } catch (error) {
      problems.push(problemOf(error, file, row, number));
      if (problems.length >= PROBLEMS_MAX) throw new YibaoError(problems);
    }
  });
  try {
    for await (const chunk of readChunks(text.path)) splitter.push(chunk);
    if (splitter.finish() === 0 && !splitter.isArray) refuseFile(INTAKE_ERRORS.jsonEmpty, file.fileName);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const place = { row: error.line, parameters: { record: error.record } };
    if (problems.length > 0) {
      throw new YibaoError([...problems, { definition: FAULTS[error.kind], file: file.fileName, ...place }]);
    }
    refuseFile(FAULTS[error.kind], file.fileName, place, error);
  } finally {
    for (const writer of writers.values()) writer.close();
  }
  if (problems.length > 0) throw new YibaoError(problems);
  const nodes = new Map<string, OpenedNode>();
  for (const [node, writer] of writers) nodes.set(node, await writer.finish(text.sha256));
  return { nodes, national, sha256: text.sha256 };
}

/** @returns whether the message is of the national form */
function writeMessage(
  message: JsonObject,
  row: number,
  ordinal: number,
  writers: ReadonlyMap<string, NodeWriter>,
): boolean {
  // some clients send the input of a message as text
  const input = typeof message.input === 'string' ? (parseExactly(message.input) as Json) : message.input;
  const list = single(input) ?? message;
  if (list.setlinfo === undefined || list.setlinfo === null) {
    writeReduced(message, row, ordinal, writers);
    return false;
  }
  const setlinfo = single(list.setlinfo);
  if (setlinfo === undefined) throw new ShapeFault('setlinfo', qualityErrors.setlinfoShape);
  const around = list === message ? [list] : [list, message];
  // what the list does not say may stand around it: the institution in the envelope, the scheme beside the list
  const values = new Map<string, string | null>();
  for (const object of [setlinfo, ...around]) {
    for (const [key, value] of Object.entries(object)) {
      if (object !== setlinfo && NODES.includes(key)) continue;
      const field = fieldOf('setlinfo', key);
      if (field === undefined) continue;
      if (values.get(field)) continue;
      values.set(field, textOf(value));
    }
  }
  writers.get('setlinfo')!.write(row, ordinal, values.get('setl_id') ?? null, values);
  // a stay without procedures has no such node
  writers.get('oprninfo')!.mentioned();
  for (const node of ITEM_NODES) {
    const content = list[node];
    if (content === undefined || content === null || content === '') continue;
    const writer = writers.get(node)!;
    writer.mentioned();
    for (const item of Array.isArray(content) ? (content as readonly Json[]) : [content as Json]) {
      const object = single(item);
      if (object === undefined) throw new ShapeFault(node, qualityErrors.nodeShape);
      const fields = new Map<string, string | null>();
      for (const [key, value] of Object.entries(object)) {
        const field = fieldOf(node, key);
        if (field !== undefined) fields.set(field, textOf(value));
      }
      writer.write(row, ordinal, values.get('setl_id') ?? null, fields);
    }
  }
  return true;
}

function writeReduced(
  message: JsonObject,
  row: number,
  ordinal: number,
  writers: ReadonlyMap<string, NodeWriter>,
): void {
  const { values, present } = reduceList(message);
  const value = (column: string) => values[LIST_COLUMNS.indexOf(column)] ?? null;
  const fields = new Map(
    LIST_COLUMNS.filter((column) => present.has(column) && fieldOf('setlinfo', column) !== undefined).map(
      (column) => [column, value(column)],
    ),
  );
  const setlId = value('setl_id');
  writers.get('setlinfo')!.write(row, ordinal, setlId, fields);
  for (const { node, column, code, mark } of CODE_COLUMNS) {
    if (!present.has(column)) continue;
    const writer = writers.get(node)!;
    writer.mentioned();
    for (const [index, text] of (value(column) ?? '').split('|').entries()) {
      if (text.trim() === '') continue;
      const flag = index === 0 ? '1' : node === 'diseinfo' ? '0' : '2';
      writer.write(
        row,
        ordinal,
        setlId,
        new Map([
          [code, text.trim()],
          [mark, flag],
        ]),
      );
    }
  }
}

/** The columns of codes, and what their place says: the first one is the principal. */
export const CODE_COLUMNS = [
  { node: 'diseinfo', column: 'diagnoses', code: 'diag_code', mark: 'maindiag_flag' },
  { node: 'oprninfo', column: 'procedures', code: 'oprn_oprt_code', mark: 'oprn_oprt_type' },
] as const;

class ShapeFault extends Error {
  readonly node: string;
  readonly definition: (typeof qualityErrors)['nodeShape'];

  constructor(node: string, definition: (typeof qualityErrors)['nodeShape']) {
    super(node);
    this.node = node;
    this.definition = definition;
  }
}

function problemOf(error: unknown, file: ListFile, row: number, record: number): Problem {
  if (error instanceof ShapeFault) {
    return { definition: error.definition, file: file.fileName, row, field: error.node };
  }
  if (error instanceof DuplicateKey) {
    const parameters = { names: error.keys.join('、') };
    return {
      definition: INTAKE_ERRORS.duplicateColumn,
      file: file.fileName,
      row,
      field: error.column,
      parameters,
    };
  }
  if (!(error instanceof SyntaxError)) throw error;
  return { definition: INTAKE_ERRORS.jsonSyntax, file: file.fileName, row, parameters: { record } };
}

/** An object, or the only one of an array. */
function single(value: Json | undefined): JsonObject | undefined {
  const candidate = Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value;
  return typeof candidate === 'object' && candidate !== null && !Array.isArray(candidate)
    ? (candidate as JsonObject)
    : undefined;
}

const textOf = (value: Json | undefined): string | null =>
  value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);

/** The rows of one node, written as a temporary CSV and handed over as Parquet. */
class NodeWriter {
  readonly #engine: Engine;
  readonly #node: string;
  readonly #path: string;
  readonly #descriptor: number;
  readonly #columns: readonly string[];
  readonly #present = new Set<string>();
  #mentioned = false;
  #pending = '';
  #rows = 0;

  constructor(engine: Engine, key: string, node: string) {
    this.#engine = engine;
    this.#node = node;
    this.#path = join(engine.workFolder, `${key}-${node}`);
    this.#descriptor = openSync(`${this.#path}.csv`, 'w');
    this.#columns = fieldsOf(node).filter((field) => field !== 'setl_id');
  }

  /** A list says something about the node, if only that it is empty: then none of its fields is missing from the file. */
  mentioned(): void {
    this.#mentioned = true;
  }

  write(
    row: number,
    ordinal: number,
    setlId: string | null,
    fields: ReadonlyMap<string, string | null>,
  ): void {
    for (const field of fields.keys()) this.#present.add(field);
    const cells = this.#columns.map((column) => csvField(fields.get(column) ?? null));
    this.#pending += `${row},${ordinal},${csvField(setlId)},${cells.join(',')}\n`;
    this.#rows += 1;
    if (this.#pending.length > FLUSH_CHARACTERS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  async finish(sha256: string): Promise<OpenedNode> {
    const columns = ['row_no', 'ordinal', 'setl_id', ...this.#columns];
    const types = columns.map(
      (name) => `'${name}': '${name === 'row_no' || name === 'ordinal' ? 'BIGINT' : 'VARCHAR'}'`,
    );
    await this.#engine.run(
      `COPY (SELECT * FROM read_csv(${fileLiteral(`${this.#path}.csv`)}, auto_detect = false, header = false, ` +
        `delim = ',', quote = '"', escape = '"', parallel = false, columns = {${types.join(', ')}})) ` +
        `TO ${literal(`${this.#path}.parquet`)} (FORMAT parquet)`,
    );
    const supplied = this.#rows === 0 && this.#mentioned ? fieldsOf(this.#node) : [...this.#present];
    return {
      fields: new Set(['setl_id', ...supplied]),
      columns: new Set(['setl_id', ...this.#columns]),
      select: `SELECT *, ordinal AS position FROM read_parquet(${fileLiteral(`${this.#path}.parquet`)})`,
      rows: this.#rows,
      sha256,
    };
  }

  #flush(): void {
    if (this.#pending !== '') writeSync(this.#descriptor, this.#pending);
    this.#pending = '';
  }
}
