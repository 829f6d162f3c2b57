import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Engine } from '#engine/duckdb.ts';
import type { Text } from '#kernel/locale.ts';
import { byText } from '#kernel/text-order.ts';
import {
  type Area,
  casesOf,
  type InstitutionSummary,
  type KindSummary,
  readArea,
  type SchemeSummary,
  select,
  total,
} from '../data.ts';

export type SpecialitySummary = {
  chapter: string;
  cases: bigint;
  cost_fen: bigint;
  fund_fen: bigint;
  points4: bigint;
  paid_fen: bigint;
};

/** The cases of one MDC of a DRG scheme; '' for cases of no MDC. Money is fen. */
export type MdcSummary = {
  mdc: string;
  cases: bigint;
  fund_fen: bigint;
  points4: bigint;
  paid_fen: bigint;
};

/** One settlement of a comparison: the same year under one profile. Money is fen. */
export type Side = {
  /** how it is called in heads and legends */
  readonly name: string;
  readonly area: Area;
  readonly method: string;
  readonly schemes: readonly SchemeSummary[];
  readonly institutions: readonly InstitutionSummary[];
  readonly specialities: readonly SpecialitySummary[];
  /** undefined where the lists are not grouped by a DRG scheme */
  readonly mdcs: readonly MdcSummary[] | undefined;
  readonly groups: bigint;
  readonly kinds: readonly KindSummary[];
};

const folder = import.meta.dirname;
const CHAPTERS = parse(readFileSync(join(folder, 'icd_chapters.csv'), 'utf8'), {
  columns: true,
}) as readonly {
  readonly chapter: string;
  readonly code_from: string;
  readonly code_to: string;
  readonly name_zh: string;
  readonly name_en: string;
}[];

const CHAPTER_NAMES = new Map(CHAPTERS.map((row) => [row.chapter, { zh: row.name_zh, en: row.name_en }]));
export const chapterName = (chapter: string): Text =>
  CHAPTER_NAMES.get(chapter) ?? { zh: '其他编码', en: 'Other codes' };

/** Reads what a comparison shows of the settlement that has just been made in this engine. */
export async function readSide(engine: Engine, name: string): Promise<Side> {
  await engine.run(
    'CREATE OR REPLACE TABLE icd_chapter (chapter VARCHAR, code_from VARCHAR, code_to VARCHAR, name_zh VARCHAR, name_en VARCHAR)',
  );
  await engine.append(
    'icd_chapter',
    CHAPTERS.map((row) => [row.chapter, row.code_from, row.code_to, row.name_zh, row.name_en]),
  );
  const { method } = await engine.row(
    `SELECT value AS method FROM policy_value WHERE parameter = 'grouping.method'`,
  );
  const { groups } = await engine.row(
    'SELECT count(DISTINCT group_code) AS groups FROM case_result WHERE group_code IS NOT NULL',
  );
  const summary = (table: string) => engine.rows(readFileSync(join(folder, `${table}.sql`), 'utf8'));
  return {
    name,
    area: await readArea(engine),
    method: String(method),
    schemes: await select(engine, 'scheme_summary'),
    institutions: await select(engine, 'institution_summary'),
    specialities: (await summary('speciality_summary')) as unknown as SpecialitySummary[],
    mdcs: method === 'drg' ? ((await summary('mdc_summary')) as unknown as MdcSummary[]) : undefined,
    groups: groups as bigint,
    kinds: await select(engine, 'kind_summary'),
  };
}

/** What the sides say of one institution or speciality; a side without it has no row. */
export type Line<Row> = { readonly key: string; readonly rows: readonly (Row | undefined)[] };

/** One line for each key that any side has, in ascending order. */
export function linesOf<Row>(sides: readonly (readonly Row[])[], key: (row: Row) => string): Line<Row>[] {
  const byKey = sides.map((rows) => new Map(rows.map((row) => [key(row), row])));
  const keys = [...new Set(byKey.flatMap((rows) => [...rows.keys()]))].toSorted(byText);
  return keys.map((each) => ({ key: each, rows: byKey.map((rows) => rows.get(each)) }));
}

/** The sides that are grouped by a DRG scheme, and what they say of each MDC. */
export function mdcLines(sides: readonly Side[]): {
  readonly names: readonly string[];
  readonly lines: readonly Line<MdcSummary>[];
} {
  const grouped = sides.flatMap(({ name, mdcs }) => (mdcs ? [{ name, mdcs }] : []));
  return {
    names: grouped.map(({ name }) => name),
    lines: linesOf(
      grouped.map(({ mdcs }) => mdcs),
      ({ mdc }) => mdc,
    ),
  };
}

/** What one side pays more than the first, in fen. */
export const moreThanFirst = <Row>({ rows }: Line<Row>, side: number, amount: (row: Row) => bigint): bigint =>
  of(rows[side], amount) - of(rows[0], amount);

const of = <Row>(row: Row | undefined, amount: (row: Row) => bigint): bigint => (row ? amount(row) : 0n);

/** Figures of a whole side. */
export const totalsOf = ({ schemes, kinds }: Side) => ({
  cases: total(schemes, (row) => row.cases),
  ungrouped: casesOf(kinds, { kind: 'ungrouped' }),
  due: total(schemes, (row) => row.due_fen),
  fund: total(schemes, (row) => row.fund_fen),
});

/** Half of what institutions gain and lose together against the first side: the money that changes hands. */
export function movedFen(lines: readonly Line<InstitutionSummary>[], side: number): bigint {
  const differences = lines.map((line) => moreThanFirst(line, side, (row) => row.due_fen));
  return total(differences, (difference) => (difference < 0n ? -difference : difference)) / 2n;
}
