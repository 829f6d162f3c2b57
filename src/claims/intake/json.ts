import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import type { ErrorDefinition, Problem } from '#kernel/errors.ts';
import { readChunks, readHead } from './bytes.ts';
import { REQUIRED_COLUMNS, refuseMissing } from './columns.ts';
import { INTAKE_ERRORS, refuseFile } from './errors.ts';
import type { ListFile, ListSource } from './file.ts';
import { DuplicateKey, type JsonObject, parseExactly, reduceList } from './json-list.ts';
import { JsonFault, JsonSplitter } from './json-split.ts';
import { NormalisedFile } from './normalised.ts';
import { decodeHead, openText } from './text.ts';

const FAULTS: Record<JsonFault['kind'], ErrorDefinition> = {
  truncated: INTAKE_ERRORS.truncated,
  'not-an-object': INTAKE_ERRORS.jsonNotObject,
  'line-end-in-text': INTAKE_ERRORS.jsonSyntax,
  unexpected: INTAKE_ERRORS.jsonStray,
};

const HEAD_BYTES = 64 * 1024;

/**
 * Opens a JSON file of settlement lists: one object per list, as JSON lines, one after the other, or in one array
 * (UTF-8 with or without BOM, or GB18030). The place of a list is the line its object starts on, or in an array its
 * number from 1. Any break in the JSON refuses the whole file. Streams; throws YibaoError.
 */
export async function openJson(engine: Engine, file: ListFile): Promise<ListSource> {
  const { fileName, path, bytes } = file;
  const { provenUtf8 } = decodeHead(file, readHead(path, HEAD_BYTES));
  const text = await openText(engine, file, { provenUtf8 });
  const target = new NormalisedFile(join(engine.workFolder, `${file.key}-lists.csv`));
  const present = new Set<string>();

  const splitter: JsonSplitter = new JsonSplitter((record, line, number) => {
    const { values, present: columns } = reduceOrRefuse(file, record, line, number);
    for (const column of columns) present.add(column);
    target.write(values, splitter.isArray ? number : line);
  });
  try {
    for await (const chunk of readChunks(text.path)) splitter.push(chunk);
    if (splitter.finish() > 0) {
      // One object may lack a column and its list is refused alone; when all lack it, it was not exported.
      refuseMissing(
        REQUIRED_COLUMNS.filter((column) => !present.has(column)),
        fileName,
      );
    } else if (!splitter.isArray) refuseFile(INTAKE_ERRORS.jsonEmpty, fileName);
    return { fileName, path, bytes, sha256: async () => text.sha256, malformed: [], ...target.finish() };
  } catch (error) {
    target.abandon();
    if (!(error instanceof JsonFault)) throw error;
    const { line, record, kind } = error;
    refuseFile(FAULTS[kind], fileName, { row: line, parameters: { record } }, error);
  }
}

function reduceOrRefuse(file: ListFile, record: string, line: number, number: number) {
  try {
    return reduceList(parseExactly(record) as JsonObject);
  } catch (error) {
    if (error instanceof DuplicateKey) {
      const place: Omit<Problem, 'definition' | 'file'> = {
        row: line,
        field: error.column,
        parameters: { names: error.keys.join('、') },
      };
      refuseFile(INTAKE_ERRORS.duplicateColumn, file.fileName, place, error);
    }
    if (!(error instanceof SyntaxError)) throw error;
    const parameters = { record: number };
    refuseFile(INTAKE_ERRORS.jsonSyntax, file.fileName, { row: line, parameters }, error);
  }
}
