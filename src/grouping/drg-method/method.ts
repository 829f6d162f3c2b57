import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import { Grouper, groupSignatures, openProgram, openScheme } from '#grouping/drg/index.ts';
import type { GroupingMethod } from '#grouping/method.ts';
import { scaledText } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import type { Policy } from '#policy/index.ts';
import { schemeHash, schemeOfPolicy } from './scheme-of-policy.ts';
import { cv4, type GroupSpread, isUnstable } from './stability.ts';

/** What a condition of a scheme may read and a settlement list may leave out: a query that gives whether some list says it. */
const MAY_BE_ABSENT = {
  icu_hours: 'SELECT count(icu_minutes) > 0 AS said FROM list',
  inpatient_type: "SELECT count(nullif(inpatient_type, '')) > 0 AS said FROM list",
  department: 'SELECT false AS said',
} as const;

const make = async (engine: Engine, ...tables: readonly string[]): Promise<void> => {
  for (const table of tables) await makeTable(engine, sourceFile(`grouping/${table}.sql`));
};

/** The groups of a DRG scheme, chosen by `grouping.scheme`. Source: docs/domain/drg-payment.md. */
export const drgMethod: GroupingMethod = {
  readsCase: true,
  keepsList: false,
  check(policy, areaFolder) {
    openScheme(schemeOfPolicy(policy, areaFolder));
  },
  groupCodes(policy, areaFolder) {
    const { steps } = openScheme(schemeOfPolicy(policy, areaFolder)).scheme;
    return new Set(
      steps.flatMap(({ level, code }) => (level === 'drg' || level === 'ambiguous' ? [code] : [])),
    );
  },
  readsIntensiveCare: (policy, areaFolder) =>
    new Grouper(openProgram(schemeOfPolicy(policy, areaFolder))).reads('icu_hours'),
  async signatures(engine, policy, areaFolder) {
    const argument = schemeOfPolicy(policy, areaFolder);
    const program = openProgram(argument);
    await make(engine, 'drg-method/drg_list_source');
    await groupSignatures(engine, program);
    await make(engine, 'drg-method/signature', 'drg-method/accepted_list', 'drg-method/signature_drg');
    for (const table of ['drg_list_signature', 'drg_signature']) await engine.run(`DROP TABLE ${table}`);
    await engine.run('DROP VIEW drg_list_source');
    const { scheme } = openScheme(argument);
    const grouper = new Grouper(program);
    const absent: string[] = [];
    for (const [field, query] of Object.entries(MAY_BE_ABSENT)) {
      if (!grouper.reads(field as keyof typeof MAY_BE_ABSENT)) continue;
      if (!(await engine.row(query)).said) absent.push(field);
    }
    await engine.run('CREATE OR REPLACE TABLE drg_scheme (name VARCHAR, sha256 VARCHAR, absent VARCHAR)');
    await engine.append('drg_scheme', [
      [policy.text('grouping.scheme'), schemeHash(argument), absent.join(', ')],
    ]);
    // names for people to read; those the area gives itself go first
    await engine.run('CREATE OR REPLACE TABLE drg_name (code VARCHAR, name VARCHAR)');
    await engine.append('drg_name', [...scheme.groups]);
    await engine.run(
      'INSERT INTO code_name SELECT d.* FROM drg_name AS d ANTI JOIN code_name AS c ON c.code = d.code',
    );
    await engine.run('DROP TABLE drg_name');
  },
  keys: (engine) => make(engine, 'dip/procedure_code', 'dip/history_cost'),
  async groups(engine, policy, addGroups) {
    await make(engine, 'drg-method/drg_group_year');
    await loadUnstableGroups(engine, policy);
    await make(engine, 'drg-method/drg_kind_year');
    const kinds = policy.choice('grouping.ambiguous') === 'group' ? ['drg', 'ambiguous'] : ['drg'];
    for (const kind of kinds) {
      await engine.run(`SET VARIABLE drg_kind = '${kind}'`);
      await addGroups(kind, 'drg_kind_year');
    }
    await make(engine, 'drg-method/signature_group');
  },
  async manifest(engine) {
    const scheme = await engine.row('SELECT name, sha256 FROM drg_scheme');
    const without = await engine.rows(
      'SELECT group_code, cases FROM group_without_weight ORDER BY group_code',
    );
    const unstable = await engine.rows('SELECT * FROM unstable_group ORDER BY group_code');
    return {
      drg_scheme: scheme,
      groups_without_weight: without.map((row) => ({
        group_code: row.group_code,
        history_lists: Number(row.cases),
      })),
      ...(unstable.length > 0
        ? {
            unstable_groups: unstable.map((row) => ({
              group_code: row.group_code,
              history_lists: Number(row.cases),
              cv: scaledText(row.cv4 as bigint, 4),
            })),
          }
        : {}),
    };
  },
  async warnings(engine) {
    const { absent } = await engine.row('SELECT absent FROM drg_scheme');
    const { count } = await engine.row('SELECT count(*) AS count FROM group_without_weight');
    const warnings: Text[] = [];
    if (absent !== '') {
      warnings.push({
        zh: `分组方案的条件读 ${absent}，结算清单没有这些项，这些条件都不成立`,
        en: `conditions of the scheme read ${absent}, which settlement lists do not carry: they never hold`,
      });
    }
    if (count !== 0n) {
      warnings.push({
        zh: `weights.csv 中没有 ${count} 个病组的权重，其病例按未入组处理，见 manifest.json`,
        en: `weights.csv lacks ${count} groups: their cases count as ungrouped, see manifest.json`,
      });
    }
    const { count: unstable } = await engine.row('SELECT count(*) AS count FROM unstable_group');
    if (unstable !== 0n) {
      warnings.push({
        zh: `${unstable} 个病组历史费用的 CV 超过 catalogue.maximum_cv，不计分，其病例按未入组处理，见 manifest.json`,
        en: `the costs of ${unstable} groups vary by more than catalogue.maximum_cv: they have no score and their cases count as ungrouped, see manifest.json`,
      });
    }
    return warnings;
  },
};

/** Fills `unstable_group`: the groups that the policy leaves without a score because of the spread of their costs. */
async function loadUnstableGroups(engine: Engine, policy: Policy): Promise<void> {
  await engine.run(
    'CREATE OR REPLACE TABLE unstable_group (kind VARCHAR, group_code VARCHAR, cases BIGINT, cv4 BIGINT)',
  );
  if (policy.choice('catalogue.stability') === 'none' || policy.choice('score.source') !== 'history') return;
  const maximum = policy.fraction('catalogue.maximum_cv');
  await make(engine, 'drg-method/group_spread');
  const rows = await engine.rows('SELECT * FROM group_spread ORDER BY kind, group_code');
  await engine.append(
    'unstable_group',
    rows.flatMap((row) => {
      const spread: GroupSpread = {
        cases: row.cases as bigint,
        costFen: row.cost_fen as bigint,
        costSquares: row.cost_squares as bigint,
      };
      return isUnstable(spread, maximum)
        ? [[row.kind as string, row.group_code as string, spread.cases, cv4(spread)]]
        : [];
    }),
  );
}
