import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

export const FIELD_TYPES = [
  'text',
  'number',
  'date',
  'datetime',
  'month',
  'flag',
  'file',
  'list',
  'object',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** When a field must have a value: always, never, or when another field of the same row has one (of these values). */
export type Required = 'yes' | 'no' | { readonly when: string; readonly values: readonly string[] };

export type Field = {
  readonly code: string;
  readonly name: string;
  readonly type: FieldType;
  /** characters of a text, digits of a number */
  readonly length: number | undefined;
  /** digits after the point of a number */
  readonly decimals: number | undefined;
  readonly required: Required;
  readonly dictionary: string | undefined;
  readonly remark: string;
};

/** A node of a message: its own fields and the nodes within. The root has the key ''. */
export type Node = {
  readonly key: string;
  readonly name: string;
  readonly isList: boolean;
  readonly isRequired: boolean;
  readonly fields: readonly Field[];
  readonly nodes: readonly Node[];
};

export type TransactionForm = { readonly input: Node; readonly output: Node };

/** One of the transactions of the national interface. */
export type TransactionName = {
  readonly number: string;
  readonly zh: string;
  readonly en: string;
  readonly group: string;
};

export type Metadata = {
  /** by number */
  readonly transactions: ReadonlyMap<string, TransactionName>;
  /** by number; the older edition of 4101 is `4101-2021`, the fields of every message are `header` */
  readonly forms: ReadonlyMap<string, TransactionForm>;
  /** dictionary → code → name */
  readonly dictionaries: ReadonlyMap<string, ReadonlyMap<string, string>>;
};

const FOLDER = join(import.meta.dirname, 'metadata');

type Row = Readonly<Record<string, string>>;
const readRows = (path: string): Row[] =>
  parse(readFileSync(path, 'utf8'), { columns: true, skip_empty_lines: true, trim: true }) as Row[];

/** The provinces (or cities) whose deviations are known: folders of `metadata/overlays`. */
export const listOverlays = (folder = FOLDER): string[] => readdirSync(join(folder, 'overlays')).toSorted();

/**
 * Reads the description of the transactions. An overlay lies over the national files: a row of its `fields.csv` with the same
 * transaction, direction, node and code replaces the national one, another one is added; rows of its `dictionaries.csv` add
 * codes. Source: docs/domain/interface.md#metadata.
 */
export function loadMetadata(overlay?: string, folder = FOLDER): Metadata {
  const files = readdirSync(folder).filter((name) => name.startsWith('fields-') || name === 'header.csv');
  const rows = new Map<string, Row>();
  const dictionaryRows = readRows(join(folder, 'dictionaries.csv'));
  const addFields = (path: string) => {
    for (const row of readRows(path)) {
      rows.set([row.transaction, row.direction, row.node, row.code].join(' '), row);
    }
  };
  for (const name of files.toSorted()) addFields(join(folder, name));
  if (overlay !== undefined && overlay !== '') {
    const own = (name: string) => join(folder, 'overlays', overlay, name);
    if (existsSync(own('fields.csv'))) addFields(own('fields.csv'));
    if (existsSync(own('dictionaries.csv'))) dictionaryRows.push(...readRows(own('dictionaries.csv')));
  }
  const dictionaries = new Map<string, Map<string, string>>();
  for (const row of dictionaryRows) {
    const dictionary = dictionaries.get(row.dictionary!) ?? new Map<string, string>();
    dictionaries.set(row.dictionary!, dictionary.set(row.value!, row.name!));
  }
  const transactions = new Map(
    readRows(join(folder, 'transactions.csv')).map((row) => [
      row.transaction!,
      { number: row.transaction!, zh: row.name_zh!, en: row.name_en!, group: row.group! },
    ]),
  );
  const byTransaction = Map.groupBy(rows.values(), (row) => row.transaction!);
  const forms = new Map(
    [...byTransaction].map(([number, own]) => [
      number,
      { input: treeOf(own, 'in'), output: treeOf(own, 'out') },
    ]),
  );
  return { transactions, forms, dictionaries };
}

/** Puts the rows of one message together: `data.detl_list[]` is the list `detl_list` within the node `data`. */
function treeOf(rows: readonly Row[], direction: string): Node {
  const own = rows.filter((row) => row.direction === direction);
  const paths = [...new Set(own.map((row) => row.node!))];
  const nodeAt = (path: string, key: string, isList: boolean): Node => {
    const ofNode = own.filter((row) => row.node === path);
    const head = ofNode.find((row) => row.code === '');
    const inside = paths.filter((other) => other !== path && other !== '[]' && parentOf(other) === path);
    return {
      key,
      isList,
      name: head?.name ?? '',
      isRequired: head?.required === 'yes',
      fields: ofNode.filter((row) => row.code !== '').map(fieldOf),
      nodes: inside.map((other) => nodeAt(other, keyOf(other), other.endsWith('[]'))),
    };
  };
  return paths.includes('[]') ? nodeAt('[]', '', true) : nodeAt('', '', false);
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));
const keyOf = (path: string): string => path.split('.').at(-1)!.replace('[]', '');

function fieldOf(row: Row): Field {
  const [length, decimals] = row.length === '' ? [] : row.length!.split(',').map(Number);
  const [, when, , values] = /^if (\w+)(=(.+))?$/.exec(row.required!) ?? [];
  return {
    code: row.code!,
    name: row.name!,
    type: row.type as FieldType,
    length,
    decimals,
    required:
      when !== undefined ? { when, values: values?.split('|') ?? [] } : row.required === 'yes' ? 'yes' : 'no',
    dictionary: row.dictionary === '' ? undefined : row.dictionary,
    remark: row.remark!,
  };
}
