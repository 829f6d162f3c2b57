import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ColumnNames, normaliseWord } from './table-file.ts';

type Words = Readonly<Record<string, readonly string[]>>;

/** `columns.yaml`: our names of columns, kinds, classes and attributes, and the names files use. */
export const words = parse(readFileSync(join(import.meta.dirname, 'columns.yaml'), 'utf8')) as {
  readonly catalogue: ColumnNames;
  readonly operations: ColumnNames;
  readonly cases: ColumnNames;
  readonly kinds: Words;
  readonly classes: Words;
  readonly attributes: Words;
};

/** The word of ours that a file's word stands for. */
export const meaning = (table: Words, word: string): string | undefined => {
  const wanted = normaliseWord(word);
  return Object.keys(table).find((own) =>
    [own, ...table[own]!].some((known) => normaliseWord(known) === wanted),
  );
};
