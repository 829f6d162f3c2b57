import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListMapping } from '#catalogue/codes/index.ts';
import { type Engine, literal } from '#engine/duckdb.ts';
import { groupingMethod } from '#grouping/method.ts';
import { renderProblem } from '#kernel/errors.ts';
import { policyHash } from '#policy/index.ts';
import { budgetManifest } from './budget/manifest.ts';
import { clearingIndicators } from './clearing/indicators.ts';
import { outputQueries } from './output-queries.ts';
import { findCliffCases } from './points/cliff-cases.ts';
import type { Settlement } from './settle-year.ts';
import { settlementUnknownGroups } from './unknown-groups.ts';

const root = join(import.meta.dirname, '..', '..');

/**
 * Writes the files of the settlement into `folder`, which exists, and with `cliffs` the list of the cases just above a cliff.
 * The same settlement gives the same bytes.
 */
export async function writeResults(
  engine: Engine,
  settlement: Settlement,
  folder: string,
  wanted: { readonly cliffs: boolean } = { cliffs: false },
): Promise<void> {
  if (wanted.cliffs) await findCliffCases(engine, settlement);
  const rows: Record<string, number> = {};
  await engine.run(CASE_TYPES);
  const { idsAscend } = await engine.row(`SELECT getvariable('setl_ids_ascend') AS "idsAscend"`);
  for (const [name, query] of Object.entries({
    ...outputQueries(settlement, wanted),
    'cases.csv': `${CASE_LINES} ORDER BY ${idsAscend ? 'c.list_no' : 'c.setl_id'}`,
  })) {
    const written = await engine.row(
      `COPY (${query}) TO ${literal(join(folder, name))} (FORMAT csv, HEADER true, DELIMITER ',')`,
    );
    rows[name] = Number(written.Count);
  }
  const manifest = await makeManifest(engine, settlement, rows);
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * cases.csv as OUTPUT_QUERIES has it, with the codes as enumerations: the same bytes, but millions of rows are sorted and
 * written at the cost of numbers instead of texts. Where lists stand by ascending id, they are sorted by their place.
 */
const CASE_TYPES = `
  DROP TYPE IF EXISTS case_institution;
  DROP TYPE IF EXISTS case_group;
  DROP TYPE IF EXISTS case_kind;
  CREATE TYPE case_institution AS ENUM (SELECT fixmedins_code FROM institution ORDER BY institution_no);
  CREATE TYPE case_group AS ENUM (SELECT DISTINCT group_code FROM group_score ORDER BY group_code);
  CREATE TYPE case_kind AS ENUM (SELECT kind FROM group_score UNION SELECT 'ungrouped' ORDER BY kind)`;
const CASE_LINES = `
  SELECT c.setl_id, i.fixmedins_code, c.scheme AS insutype, g.group_code, coalesce(g.kind, 'ungrouped') AS kind,
    CASE WHEN g.group_no IS NOT NULL THEN c.deviation END AS deviation, case_points_text(c.points4) AS points
  FROM case_score AS c
  JOIN (SELECT institution_no, CAST(fixmedins_code AS case_institution) AS fixmedins_code FROM institution) AS i
    ON i.institution_no = c.institution_no
  LEFT JOIN (SELECT group_no, CAST(group_code AS case_group) AS group_code, CAST(kind AS case_kind) AS kind
    FROM group_score) AS g ON g.group_no = c.group_no`;

type Identity = {
  readonly yibao: string;
  /** file and sha256 of each input */
  readonly inputs: readonly object[];
  readonly [name: string]: unknown;
};

/** What was settled, by which code and policy, from which files: two runs of equal identity must agree. */
export function settlementIdentity(settlement: Settlement): Identity {
  const { area, year, language, policy, tables, codeMapping } = settlement;
  return {
    yibao: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    code_sha256: codeHash(),
    area: { code: area.code, name: area.name, profile: area.profile },
    year,
    language,
    policy_sha256: policyHash(policy),
    inputs: Array.from(tables.hashes, ([file, sha256]) => ({ file, sha256 })),
    ...(codeMapping === undefined ? {} : { code_mapping: mappingTables(codeMapping) }),
  };
}

/** What was settled with what: enough to tell whether two runs must agree. Nothing in it depends on time or place. */
async function makeManifest(
  engine: Engine,
  settlement: Settlement,
  rows: Readonly<Record<string, number>>,
): Promise<object> {
  const { policy, skipped } = settlement;
  const unknown = settlementUnknownGroups(settlement);
  const lists = await engine.row(`
    SELECT
      (SELECT sum(lists) FROM list_file) + (SELECT count(*) FROM malformed_list) AS read
      , (SELECT count(*) FROM refused_result) AS refused
      , (SELECT count(*) FROM case_score) AS of_payment_year`);
  const totals = await engine.rows(`
    SELECT p.insutype, yuan_text(p.budget_fen) AS budget, yuan_text(p.non_fund_fen) AS non_fund
      , points_text(p.points4) AS points, yuan_text(coalesce(sum(c.due_fen), 0)) AS due
      , yuan_text(coalesce(sum(c.result_fen), 0)) AS result, yuan_text(min(r.residual_fen)) AS residual
    FROM point_value_result AS p
    JOIN residual_result AS r ON r.insutype = p.insutype
    LEFT JOIN clearing_result AS c ON c.insutype = p.insutype
    GROUP BY p.insutype, p.budget_fen, p.non_fund_fen, p.points4
    ORDER BY p.insutype`);
  return {
    ...settlementIdentity(settlement),
    skipped_files: skipped.map((problem) => renderProblem(problem, 'zh')),
    lists: {
      read: Number(lists.read),
      refused: Number(lists.refused),
      taking_part: settlement.listsTakingPart,
      of_payment_year: Number(lists.of_payment_year),
    },
    rows,
    totals,
    clearing: await clearingIndicators(engine, policy, settlement.year),
    ...budgetManifest(settlement.budgets),
    ...(await groupingMethod(policy).manifest(engine)),
    ...(unknown.length > 0 ? { groups_not_in_scheme: unknown } : {}),
  };
}

const mappingTables = (mapping: ListMapping): object =>
  Object.fromEntries(
    Object.entries(mapping).map(([side, { name, content_sha256 }]) => [
      side,
      { table: name, content_sha256 },
    ]),
  );

let codeHashed: string | undefined;

/** Hash of the sources that make numbers: TypeScript and SQL below src, tests left out. What runs is what was first read. */
function codeHash(): string {
  if (codeHashed !== undefined) return codeHashed;
  const hash = createHash('sha256');
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(ts|sql|yaml)$/.test(path) && !/\.test\.ts$/.test(path))
    .toSorted();
  for (const path of files) hash.update(`${path}\n`).update(readFileSync(join(root, 'src', path)));
  codeHashed = hash.digest('hex');
  return codeHashed;
}
