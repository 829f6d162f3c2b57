import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  createMapper,
  MAPPED_SIDES,
  type MappedSide,
  type MappingNames,
  openListMapping,
} from '#catalogue/codes/index.ts';
import { openSettlementLists } from '#claims/intake/index.ts';
import { type ColumnMapping, mapColumn } from '#claims/list/map-column.ts';
import type { Engine, Row } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Progress } from '#kernel/progress.ts';
import { loadAreaHeader } from '#policy/index.ts';
import { groupSignatures } from '../bulk/group-signatures.ts';
import { compileScheme } from '../compile.ts';
import { testsOf } from '../condition.ts';
import { drgErrors } from '../errors.ts';
import { type Scheme, type Step, sectionsOf } from '../scheme.ts';

export type LintOptions = {
  readonly scheme: Scheme;
  readonly areaFolder: string;
  readonly year: number;
  /** groups with fewer lists are reported */
  readonly minLists: number;
  /** relative difference of mean cost below which a split has no effect, such as 0.2 */
  readonly splitDifference: number;
  readonly progress: Progress;
  /** mapping tables of codes that go before those area.yaml names */
  readonly codeMapping?: MappingNames | undefined;
};

export type LintGroup = {
  readonly mdc: string;
  readonly adrg: string;
  readonly drg: string;
  readonly name: string;
  readonly lists: number;
  /** yuan; undefined without lists */
  readonly meanCost: number | undefined;
  /** standard deviation (sample) over mean; undefined below two lists */
  readonly cv: number | undefined;
  /** share of the cost of all grouped lists */
  readonly costShare: number;
  readonly findings: readonly GroupFinding[];
};
export type GroupFinding = 'cv' | 'few-lists' | 'no-lists';

/** Two neighbouring splits of an ADRG by complications. */
export type LintSplit = {
  readonly adrg: string;
  readonly heavier: string;
  readonly lighter: string;
  readonly heavierLists: number;
  readonly lighterLists: number;
  readonly heavierMean: number;
  readonly lighterMean: number;
  /** mean of the heavier over that of the lighter, less 1 */
  readonly difference: number;
  readonly hasEffect: boolean;
};

/** What a mapping table did to the codes of the lists: distinct codes by what became of them. */
export type LintMapping = ColumnMapping & { readonly side: MappedSide; readonly table: string };

export type CodeCount = { readonly code: string; readonly lists: number };

export type SchemeLint = {
  readonly year: number;
  readonly lists: number;
  readonly grouped: number;
  readonly ambiguous: number;
  readonly ungrouped: number;
  /** share of the variance of cost of the grouped lists that lies between groups; undefined without variance */
  readonly riv: number | undefined;
  /** what mapping tables did to the codes; empty when codes are not mapped */
  readonly mapped: readonly LintMapping[];
  readonly groups: readonly LintGroup[];
  readonly splits: readonly LintSplit[];
  readonly ungroupedPrincipals: readonly CodeCount[];
  readonly ambiguousPrincipals: readonly CodeCount[];
  /** codes of the lists that the scheme names nowhere */
  readonly unknownDiagnoses: readonly CodeCount[];
  readonly unknownProcedures: readonly CodeCount[];
  /** lists of codes of the scheme: how many of their codes stand on some list of the year */
  readonly codeLists: readonly { readonly list: string; readonly codes: number; readonly used: number }[];
};

const FOLDER = 'grouping/drg/lint';

/**
 * Examines a scheme against the lists of one year of an area: docs/domain/drg.md#lint. Statistics only; nothing here
 * decides about money.
 * @throws YibaoError when the lists cannot be read, or the year has none
 */
export async function lintScheme(engine: Engine, options: LintOptions): Promise<SchemeLint> {
  const { scheme, year } = options;
  const mapped = await readYear(engine, options);
  await groupSignatures(engine, compileScheme(scheme), (share) => options.progress.update(0.4 + share * 0.4));
  for (const name of ['drg_lint_result', 'drg_lint_principal', 'drg_lint_code']) {
    await makeTable(engine, sourceFile(`${FOLDER}/${name}.sql`));
  }
  const results = await engine.rows('SELECT * FROM drg_lint_result ORDER BY status, mdc, adrg, drg');
  const listsOf = (status: string) =>
    results.reduce((sum, row) => (row.status === status ? sum + Number(row.lists) : sum), 0);
  const principals = async (status: string) =>
    counts(await engine.rows('SELECT code, lists FROM drg_lint_principal WHERE status = ?', [status]));
  const codes = await engine.rows('SELECT * FROM drg_lint_code ORDER BY lists DESC, code');
  const used = new Set(codes.map((row) => String(row.code)));
  const known = knownCodes(scheme);
  const unknown = (kind: string) =>
    counts(codes.filter((row) => row.kind === kind && !known.has(String(row.code))));
  const grouped = results.filter((row) => row.status === 'grouped');
  const groups = groupsOf(scheme, grouped, options.minLists);
  return {
    year,
    lists: listsOf('grouped') + listsOf('ambiguous') + listsOf('ungrouped'),
    grouped: listsOf('grouped'),
    ambiguous: listsOf('ambiguous'),
    ungrouped: listsOf('ungrouped'),
    riv: reductionInVariance(grouped),
    mapped,
    groups,
    splits: splitsOf(scheme, groups, options),
    ungroupedPrincipals: await principals('ungrouped'),
    ambiguousPrincipals: await principals('ambiguous'),
    unknownDiagnoses: unknown('diagnosis'),
    unknownProcedures: unknown('procedure'),
    codeLists: [...scheme.lists].map(([list, { partOf }]) => ({
      list,
      codes: partOf.size,
      used: [...partOf.keys()].filter((code) => used.has(code)).length,
    })),
  };
}

const counts = (rows: readonly Row[]): CodeCount[] =>
  rows.map((row) => ({ code: String(row.code), lists: Number(row.lists) }));

/** Makes `drg_lint_list` from the list files of the area. */
async function readYear(engine: Engine, options: LintOptions): Promise<LintMapping[]> {
  const { areaFolder, year, progress } = options;
  const areaFile = join(areaFolder, 'area.yaml');
  const named = existsSync(areaFile) ? loadAreaHeader(areaFile).codeMapping : {};
  const mapping = (await openListMapping(areaFolder, named, options.codeMapping)) ?? {};
  await runScript(engine, sourceFile('engine/macros/intake.sql'));
  const { sources } = await openSettlementLists(engine, join(areaFolder, 'settlement_lists'), {
    skipBadFiles: false,
    progress: { ...progress, update: (share, detail) => progress.update(share * 0.2, detail) },
  });
  for (const [index, source] of sources.entries()) {
    progress.update(0.2 + (index / sources.length) * 0.2, source.fileName);
    const text = (column: string) => `coalesce(CAST(${column} AS VARCHAR), '')`;
    const select = `SELECT
        trim(${text('setl_id')}) AS setl_id
        , yuan_text_to_fen(CAST(medfee_sumamt AS VARCHAR)) AS cost_fen
        , iso_text_to_timestamp(CAST(adm_time AS VARCHAR)) AS admission
        , iso_text_to_timestamp(CAST(dscg_time AS VARCHAR)) AS discharge
        , ${text('diagnoses')} AS diagnoses
        , ${text('procedures')} AS procedures
        , trim(${text('gend')}) AS sex
        , try_cast(age AS DOUBLE) AS age_years
        , try_cast(nwb_age AS DOUBLE) AS age_days
        , try_cast(nwb_adm_wt AS DOUBLE) AS birth_weight_g
        , trim(${text('dscg_way')}) AS disposition
        , trim(${text('ipt_med_type')}) AS inpatient_type
        , duration_text_to_minutes(CAST(scs_cutd_sum_dura AS VARCHAR)) AS icu_minutes
        , ${year} AS list_year
      FROM (${source.select}) AS source`;
    try {
      await engine.run(
        index === 0
          ? `CREATE OR REPLACE TABLE drg_lint_read AS ${select}`
          : `INSERT INTO drg_lint_read ${select}`,
      );
    } catch (error) {
      throw source.refusal?.(error) ?? error;
    }
  }
  await makeTable(engine, sourceFile(`${FOLDER}/drg_lint_list.sql`));
  await engine.run('DROP TABLE drg_lint_read');
  const { lists } = await engine.row('SELECT count(*) AS lists FROM drg_lint_list');
  if (Number(lists) === 0) {
    throw new YibaoError({ definition: drgErrors.noListsOfYear, file: areaFolder, parameters: { year } });
  }
  const mapped: LintMapping[] = [];
  for (const side of MAPPED_SIDES) {
    const table = mapping[side];
    if (table === undefined) continue;
    const counts = await mapColumn(engine, createMapper(table.pairs), 'drg_lint_list', side);
    mapped.push({ side, table: table.name, ...counts });
  }
  await makeTable(engine, sourceFile(`${FOLDER}/drg_list_source.sql`));
  return mapped;
}

const FEN = 100;

/** Every group the scheme can give, in the order of its steps, with what the lists say of it. */
function groupsOf(scheme: Scheme, results: readonly Row[], minLists: number): LintGroup[] {
  const all = results.reduce((sum, row) => sum + Number(row.cost_sum), 0);
  const byCode = new Map(results.map((row) => [`${row.mdc} ${row.adrg} ${row.drg}`, row]));
  const groups = new Map<string, LintGroup>();
  for (const { step: mdc, items } of sectionsOf(scheme.steps)) {
    for (const item of items) {
      for (const drg of item.kind === 'adrg' ? item.drgs : []) {
        const key = `${mdc.code} ${item.step.code} ${drg.code}`;
        const row = byCode.get(key);
        // a fallback that no list ever got is not a group of the scheme
        if (groups.has(key) || (row === undefined && drg.code === item.step.code)) continue;
        const lists = Number(row?.lists ?? 0);
        const mean = row === undefined ? undefined : Number(row.cost_mean);
        const cv = mean === undefined || row?.cost_sd == null ? undefined : Number(row.cost_sd) / mean;
        const findings: GroupFinding[] = [];
        if (cv !== undefined && cv >= 1) findings.push('cv');
        if (lists === 0) findings.push('no-lists');
        else if (lists < minLists) findings.push('few-lists');
        groups.set(key, {
          mdc: mdc.code,
          adrg: item.step.code,
          drg: drg.code,
          name: scheme.groups.get(drg.code) ?? '',
          lists,
          meanCost: mean === undefined ? undefined : mean / FEN,
          cv,
          costShare: all === 0 ? 0 : Number(row?.cost_sum ?? 0) / all,
          findings,
        });
      }
    }
  }
  return [...groups.values()];
}

/** Variance between groups over the whole variance of the grouped lists. */
function reductionInVariance(results: readonly Row[]): number | undefined {
  const lists = results.reduce((sum, row) => sum + Number(row.lists), 0);
  const mean = results.reduce((sum, row) => sum + Number(row.cost_sum), 0) / lists;
  const within = results.reduce((sum, row) => sum + Number(row.squares_within), 0);
  const between = results.reduce(
    (sum, row) => sum + Number(row.lists) * (Number(row.cost_mean) - mean) ** 2,
    0,
  );
  return within + between > 0 ? between / (within + between) : undefined;
}

/** Neighbouring groups of an ADRG of which the first asks for complications, both with enough lists. */
function splitsOf(scheme: Scheme, groups: readonly LintGroup[], options: LintOptions): LintSplit[] {
  const asks = ({ condition }: Step) => [...testsOf(condition)].some((test) => test.kind === 'complication');
  const byCode = new Map(groups.map((group) => [`${group.adrg} ${group.drg}`, group]));
  const splits = new Map<string, LintSplit>();
  for (const { items } of sectionsOf(scheme.steps)) {
    for (const item of items) {
      if (item.kind !== 'adrg') continue;
      for (const [index, step] of item.drgs.entries()) {
        const next = item.drgs[index + 1];
        if (next === undefined || !asks(step) || next.code === item.step.code) continue;
        const heavier = byCode.get(`${item.step.code} ${step.code}`);
        const lighter = byCode.get(`${item.step.code} ${next.code}`);
        if (heavier?.meanCost === undefined || lighter?.meanCost === undefined) continue;
        if (Math.min(heavier.lists, lighter.lists) < options.minLists) continue;
        const difference = heavier.meanCost / lighter.meanCost - 1;
        splits.set(`${step.code} ${next.code}`, {
          adrg: item.step.code,
          heavier: step.code,
          lighter: next.code,
          heavierLists: heavier.lists,
          lighterLists: lighter.lists,
          heavierMean: heavier.meanCost,
          lighterMean: lighter.meanCost,
          difference,
          hasEffect: difference >= options.splitDifference,
        });
      }
    }
  }
  return [...splits.values()];
}

/** Every code the scheme names. */
function knownCodes(scheme: Scheme): ReadonlySet<string> {
  const known = new Set<string>([
    ...scheme.mcc.keys(),
    ...scheme.cc.keys(),
    ...scheme.exclusions.keys(),
    ...scheme.validProcedures,
  ]);
  for (const { partOf } of scheme.lists.values()) for (const code of partOf.keys()) known.add(code);
  for (const step of scheme.steps) {
    for (const test of testsOf(step.condition)) {
      if (test.kind === 'codes' && 'codes' in test.set) for (const code of test.set.codes) known.add(code);
    }
  }
  return known;
}
