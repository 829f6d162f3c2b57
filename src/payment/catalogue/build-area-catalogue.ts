import { join } from 'node:path';
import { readAreaTables } from '#catalogue/area-tables.ts';
import { openListMapping } from '#catalogue/codes/index.ts';
import { areaErrors } from '#catalogue/errors.ts';
import { openSettlementLists } from '#claims/intake/index.ts';
import { mapListCodes } from '#claims/list/map-codes.ts';
import { readLists, refuseLists } from '#claims/list/read-lists.ts';
import { reportRefusals } from '#claims/list/refusal.ts';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import { type GroupCatalogue, groupingProfile } from '#grouping/dip/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Fraction } from '#kernel/fraction.ts';
import type { Language } from '#kernel/locale.ts';
import { type Progress, SILENT } from '#kernel/progress.ts';
import { byText } from '#kernel/text-order.ts';
import { type Policy, resolveAreaPolicy } from '#policy/index.ts';
import { loadAreaTables, loadMacrosAndPolicy } from '../load-area.ts';
import { type AreaGroups, areaGroups, type KeyHistory } from './area-groups.ts';

export type BuildOptions = {
  readonly areaFolder: string;
  readonly year: number;
  /** names the classes and the related-operation rule where the area's own policy does not group by a catalogue */
  readonly policy: Policy;
  /** in place of `catalogue.core_threshold` */
  readonly threshold?: { readonly cases: bigint } | { readonly coverage: Fraction };
  /** in place of `catalogue.related_operation_increase` */
  readonly relatedIncrease?: Fraction;
  readonly comprehensiveCases?: bigint;
  readonly language?: Language;
  readonly progress?: Progress;
};

const DIAGNOSIS_LENGTH = 5;

/**
 * Builds a group catalogue from the accepted lists of the years before `year`.
 * @throws YibaoError when the area folder cannot be used or has no history
 */
export async function buildAreaCatalogue(
  engine: Engine,
  options: BuildOptions,
): Promise<AreaGroups & { readonly catalogue: GroupCatalogue; readonly refused: number }> {
  const { areaFolder, year, language = 'zh', progress = SILENT } = options;
  const tables = readAreaTables(areaFolder);
  const { area, policy: areaPolicy } = resolveAreaPolicy(areaFolder, { year });
  const policy = areaPolicy.choice('grouping.method') === 'dip-catalogue' ? areaPolicy : options.policy;
  await loadMacrosAndPolicy(engine, areaPolicy);
  await loadAreaTables(engine, tables, area, areaPolicy, year);
  await engine.run('SET VARIABLE list_keeps_case = false');
  const { sources } = await openSettlementLists(engine, join(areaFolder, 'settlement_lists'), {
    skipBadFiles: false,
    progress: { ...progress, update: (share, detail) => progress.update(share * 0.2, detail) },
  });
  await readLists(engine, sources, false, (share, detail) => progress.update(0.2 + share * 0.6, detail));
  await refuseLists(engine);
  await reportRefusals(engine, sources, language);
  const mapping = await openListMapping(areaFolder, area.codeMapping);
  if (mapping !== undefined) await mapListCodes(engine, mapping);
  for (const table of ['written_cost', 'signature', 'history_cost']) {
    await makeTable(engine, sourceFile(`grouping/dip/written/${table}.sql`));
  }
  const rows = await engine.rows(
    `SELECT left(s.diagnosis, ${DIAGNOSIS_LENGTH}) AS diagnosis_start, s.procedures, h.year, sum(h.cases) AS cases
       , sum(h.cost_fen) AS cost_fen
     FROM history_cost AS h JOIN signature AS s ON s.signature_no = h.signature_no
     GROUP BY left(s.diagnosis, ${DIAGNOSIS_LENGTH}), s.procedures, h.year ORDER BY diagnosis_start, s.procedures, h.year`,
  );
  const keys = new Map<string, KeyHistory & { years: { year: number; cases: bigint; costFen: bigint }[] }>();
  for (const row of rows) {
    const codes = eligible(String(row.procedures), tables.procedures);
    const [principal, ...others] = codes;
    const related = others.toSorted(byText);
    const diagnosis = String(row.diagnosis_start);
    const key = [diagnosis, principal ?? '', ...related].join('+');
    const history = keys.get(key) ?? { diagnosis, principal, related, years: [] };
    keys.set(key, history);
    const [ownYear, cases, costFen] = [
      Number(row.year),
      BigInt(row.cases as bigint),
      BigInt(row.cost_fen as bigint),
    ];
    const same = history.years.findIndex((each) => each.year === ownYear);
    if (same < 0) history.years.push({ year: ownYear, cases, costFen });
    else {
      const earlier = history.years[same]!;
      history.years[same] = {
        year: ownYear,
        cases: earlier.cases + cases,
        costFen: earlier.costFen + costFen,
      };
    }
  }
  const { comprehensiveClass } = groupingProfile(policy).options;
  const weights = areaPolicy.integers('score.year_weights');
  const built = areaGroups([...keys.values()], {
    threshold: options.threshold ?? { cases: policy.integer('catalogue.core_threshold') },
    relatedIncrease: options.relatedIncrease ?? policy.fraction('catalogue.related_operation_increase'),
    comprehensiveCases: options.comprehensiveCases ?? 1n,
    weights: new Map(weights.map((weight, index) => [year - weights.length + index, weight])),
    meanScore: areaPolicy.fraction('score.mean_score'),
    classOf: (principal) => {
      const attribute = principal === undefined ? 'none' : tables.procedures.get(principal)!;
      return comprehensiveClass[attribute as keyof typeof comprehensiveClass];
    },
    primaryCareGroups: tables.primaryCareGroups,
  });
  if (!built) {
    const years = `${year - weights.length}–${year - 1}`;
    const parameters = { years };
    throw new YibaoError({ definition: areaErrors.noHistory, file: 'settlement_lists', parameters });
  }
  const { refused } = await engine.row('SELECT count(*) AS refused FROM refused_result');
  const catalogue: GroupCatalogue = {
    name: area.name,
    entries: built.groups.map(({ entry }) => entry),
    excludedDiagnoses: [],
    unusedOperations: new Set(),
    noOperations: new Set(),
    operations: new Map(
      [...tables.procedures].map(([code, attribute]) => [code, { attribute, grade: undefined }]),
    ),
  };
  return { ...built, catalogue, refused: Number(refused) };
}

/** The codes of a list that count, distinct, in its order. */
const eligible = (procedures: string, attributeOf: ReadonlyMap<string, string>): string[] =>
  [...new Set(procedures.split('|').map((code) => code.trim()))].filter(
    (code) => attributeOf.has(code) && attributeOf.get(code) !== 'minor',
  );
