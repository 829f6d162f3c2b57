import { type Engine, literal } from '#engine/duckdb.ts';
import type { Store } from '#engine/postgres/store.ts';
import type { Run } from './runs.ts';
import './approval/tables.ts';

/** The period of a year's clearing among its months. */
export const CLEARING = 'clearing';
/** States of a month or clearing that everybody may know of. */
const PUBLIC_STATES = ['published', 'paid'];

/** The periods of a year that are published, `YYYY-MM` or `clearing`, each with the run it was published from. */
export async function publishedPeriods(
  store: Store,
  { areaId, year }: Pick<Run, 'areaId' | 'year'>,
): Promise<ReadonlyMap<string, number>> {
  const place = `${areaId}/${year}/`;
  const rows = await store
    .selectFrom('approval')
    .select(['subject', 'content'])
    .where('kind', 'in', ['month', 'clearing'])
    .where('subject', 'in', [
      `${place}${CLEARING}`,
      ...Array.from({ length: 12 }, (_, index) => `${place}${year}-${String(index + 1).padStart(2, '0')}`),
    ])
    .where('state', 'in', PUBLIC_STATES)
    .execute();
  return new Map(
    rows.map(({ subject, content }) => [
      subject.slice(place.length),
      Number((content as { readonly runId?: number }).runId),
    ]),
  );
}

/** The periods that were published from this very run: those of a later one may have other figures. */
export async function periodsOf(store: Store, run: Run): Promise<readonly string[]> {
  const periods = await publishedPeriods(store, run);
  return [...periods].flatMap(([period, runId]) => (runId === run.id ? [period] : [])).toSorted();
}

/** Tables that say nothing of a month or the clearing: what was known before the year began. */
const WHOLE: readonly string[] = [
  'area_info',
  'catalogue_group_year',
  'comprehensive_group_year',
  'core_group_year',
  'drg_group_year',
  'group_result',
  'indicator_definition',
  'indicator_family',
  'institution',
  'parameter',
  'type_result',
];

const OWN = "getvariable('institution')";
const PUBLISHED = "getvariable('published')";
const IS_CLEARED = `list_contains(${PUBLISHED}, '${CLEARING}')`;
const onceCleared = (columns: readonly string[], of: string): string =>
  columns.map((column) => `, CASE WHEN ${IS_CLEARED} THEN ${of}.${column} END AS ${column}`).join('\n    ');

/**
 * What an institution is shown of a run's tables: its own rows, and no figure of a month or of the clearing before it is
 * published. Tables that stand neither here nor in `WHOLE` are not there for an institution.
 */
const NARROWED: Readonly<Record<string, (table: string, place: (table: string) => string) => string>> = {
  month_result: (table) => `SELECT * FROM ${table} AS m
    WHERE m.fixmedins_code = ${OWN} AND list_contains(${PUBLISHED}, m.month)`,
  clearing_result: (table) => `SELECT * FROM ${table} AS c WHERE c.fixmedins_code = ${OWN} AND ${IS_CLEARED}`,
  // what a list is and how it is grouped is known at once; a late one is paid by another month, or by the clearing alone
  case_result: (
    table,
    place,
  ) => `SELECT c.setl_id, c.fixmedins_code, c.insutype, c.month, c.cost_fen, c.fund_fen
      , c.diagnosis, c.procedures, c.group_code, c.kind, c.deviation
      , CASE WHEN ${IS_CLEARED} OR list_contains(${PUBLISHED}, ${PAID_PERIOD}) THEN c.points4 END AS points4
    FROM ${table} AS c LEFT JOIN ${place('late_list')} AS l ON l.setl_id = c.setl_id
    WHERE c.fixmedins_code = ${OWN}`,
  case_score: (table, place) => `SELECT c.setl_id, c.institution_no
    FROM ${table} AS c JOIN ${place('institution')} AS i ON i.institution_no = c.institution_no
    WHERE i.fixmedins_code = ${OWN}`,
  kept_list: (table) => `SELECT * FROM ${table} AS k WHERE k.institution = ${OWN}`,
  // of its level, without names: an institution sees where it stands, not who stands beside it
  institution_summary: (table) => `SELECT
      CASE WHEN s.fixmedins_code = ${OWN} THEN s.fixmedins_code ELSE '' END AS fixmedins_code
    , CASE WHEN s.fixmedins_code = ${OWN} THEN s.name ELSE '' END AS name
    , s.level
    ${onceCleared(
      [
        'cases',
        'points4',
        'cost_fen',
        'fund_fen',
        'due_fen',
        'result_fen',
        'gain_fen',
        'monthly_paid_fen',
        'clearing_cash_fen',
        'cmi4',
      ],
      's',
    )}
    FROM ${table} AS s WHERE s.fixmedins_code = ${OWN} OR ${IS_CLEARED}`,
  // an indicator of a month once the month is published, of the year and of its peers once the clearing is
  indicator_result: (table) => `SELECT * FROM ${table} AS r
    WHERE r.scope = 'institution' AND r.id = ${OWN} AND CASE WHEN r.month = 0 THEN ${IS_CLEARED}
      ELSE list_contains(${PUBLISHED}, (SELECT a.year FROM kept.area_info AS a) || '-' || lpad(CAST(r.month AS VARCHAR), 2, '0')) END`,
  peer_result: (table) => `SELECT * FROM ${table} AS p WHERE p.fixmedins_code = ${OWN} AND ${IS_CLEARED}`,
  group_summary: (table) => `SELECT
      g.group_code, g.kind, g.diagnosis_name, g.procedure_names, g.history_cases, g.average_cost_fen, g.score4
    ${onceCleared(['cases', 'institutions', 'cost_fen', 'mean_cost_fen', 'points4', 'low_cases', 'high_cases'], 'g')}
    FROM ${table} AS g`,
};
const PAID_PERIOD = `CASE WHEN l.setl_id IS NULL THEN c.month
  WHEN l.paid_month IS NULL THEN '${CLEARING}'
  ELSE left(c.month, 5) || lpad(CAST(l.paid_month AS VARCHAR), 2, '0') END`;

/**
 * A session on the tables of a run in which one institution may ask anything: what it must not see is not there.
 * @param tables as `openKeptTables` opened them
 * @param published the periods of this run that are published
 */
export async function tablesShownTo(
  tables: Engine,
  institution: string,
  published: readonly string[],
): Promise<Engine> {
  const found = await tables.rows(
    `SELECT table_catalog AS place, table_name AS name FROM information_schema.tables
     WHERE table_catalog IN ('memory', 'kept') ORDER BY place`,
  );
  // a view made when the run was opened stands before the table of its name, as it does for the agency
  const places = new Map(found.map(({ place, name }) => [String(name), `${place}.${name}`]));
  const place = (table: string): string => {
    const known = places.get(table);
    if (known === undefined) throw new Error(`the run has no table ${table}`);
    return known;
  };
  const shown = await tables.branch();
  try {
    await shown.run(`SET VARIABLE institution = ${literal(institution)}`);
    await shown.run(`SET VARIABLE published = CAST([${published.map(literal).join(', ')}] AS VARCHAR[])`);
    for (const table of WHOLE.filter((each) => places.has(each))) {
      await shown.run(`CREATE TEMP VIEW ${table} AS SELECT * FROM ${place(table)}`);
    }
    for (const [table, select] of Object.entries(NARROWED)) {
      // a run of an earlier program may lack one
      if (!places.has(table)) continue;
      await shown.run(`CREATE TEMP VIEW ${table} AS ${select(place(table), place)}`);
    }
    await shown.run("SET search_path = 'temp'");
    return shown;
  } catch (error) {
    shown.close();
    throw error;
  }
}
