import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import type { Text } from '#kernel/locale.ts';
import type { Policy } from '#policy/index.ts';
import { absentProcedures, absentProcedureWarnings } from '../absent-procedures.ts';
import type { GroupingMethod } from '../method.ts';
import { answerSignatures } from './cases/group-signatures.ts';
import { openCatalogue } from './catalogue/catalogue-store.ts';
import { catalogueText, operationsFileText } from './catalogue/catalogue-text.ts';
import { GROUP_KINDS, type GroupCatalogue, type Operation } from './catalogue/group-catalogue.ts';
import { readOperationsFile } from './catalogue/read-catalogue.ts';
import { groupingProfile } from './grouping-profile.ts';

/**
 * The catalogue an area is settled by: a file of the area folder, or one imported under a name. What the area's
 * procedures.csv says of an operation goes before the catalogue's own list.
 */
export async function areaCatalogue(areaFolder: string, policy: Policy): Promise<GroupCatalogue> {
  const named = policy.text('grouping.catalogue');
  const file = join(areaFolder, named);
  const catalogue = await openCatalogue(existsSync(file) ? file : named);
  const own = await readOperationsFile(join(areaFolder, 'procedures.csv'));
  const operations = new Map<string, Operation>(catalogue.operations ?? []);
  for (const [code, operation] of own) {
    operations.set(code, { ...operation, grade: operation.grade ?? operations.get(code)?.grade });
  }
  return { ...catalogue, name: named, operations };
}

/** Of everything the catalogue says, the area's own list of operations included. */
const catalogueHash = (catalogue: GroupCatalogue): string =>
  createHash('sha256')
    .update(catalogueText(catalogue))
    .update(operationsFileText(catalogue.operations ?? new Map()))
    .digest('hex');

const make = async (engine: Engine, ...tables: readonly string[]): Promise<void> => {
  for (const table of tables) await makeTable(engine, sourceFile(`grouping/dip/${table}.sql`));
};

/** Groups of a published catalogue, assigned by an ordered list of steps. Source: docs/domain/dip.md#settle-by-catalogue. */
export const dipCatalogue: GroupingMethod = {
  readsCase: true,
  keepsList: false,
  async signatures(engine, policy, areaFolder) {
    const catalogue = await areaCatalogue(areaFolder, policy);
    await make(engine, 'lists/grouping_input');
    await answerSignatures(engine, { catalogue, profile: groupingProfile(policy) });
    await engine.run(`CREATE OR REPLACE TABLE absent_input AS
      SELECT input FROM grouping_read
      WHERE input = 'day_surgery' AND NOT EXISTS (SELECT 1 FROM list WHERE inpatient_type <> '')`);
    await make(engine, 'lists/signature', 'lists/accepted_list');
    await engine.run(
      'CREATE OR REPLACE TABLE given_group (group_code VARCHAR, kind VARCHAR, score4 BIGINT, mean_fen BIGINT)',
    );
    await engine.run('CREATE OR REPLACE TABLE group_catalogue (name VARCHAR, sha256 VARCHAR)');
    await engine.append('group_catalogue', [[catalogue.name, catalogueHash(catalogue)]]);
    const groups = new Map(catalogue.entries.map((entry) => [entry.groupCode, entry]));
    await engine.append(
      'given_group',
      [...groups.values()].map((entry) => [entry.groupCode, entry.kind, entry.score4, entry.meanFen ?? null]),
    );
  },
  keys: (engine) => make(engine, 'procedure_code', 'history_cost'),
  async groups(engine, _policy, addGroups) {
    await make(engine, 'lists/catalogue_group_year');
    for (const kind of GROUP_KINDS) await addGroups(kind, 'catalogue_group_year', 'given_group');
    await make(engine, 'lists/signature_group');
  },
  async manifest(engine) {
    const { name, sha256 } = await engine.row('SELECT name, sha256 FROM group_catalogue');
    return { group_catalogue: { name, sha256 }, ...(await absentProcedures(engine)) };
  },
  async warnings(engine) {
    const { reads_the_bill } = await engine.row(
      `SELECT coalesce(max(CAST(value AS VARCHAR)), '') LIKE '%nearest-cost%' AS reads_the_bill
       FROM policy_value WHERE parameter = 'grouping.steps'`,
    );
    const { blank_without_score } = await engine.row(
      `SELECT count(*) > 0 AS blank_without_score FROM policy_value AS p
       WHERE p.parameter = 'ungrouped.blank_group' AND CAST(p.value AS VARCHAR) = 'own-score'
         AND NOT EXISTS (SELECT 1 FROM given_group AS g WHERE g.kind = 'blank')`,
    );
    const { absent } = await engine.row('SELECT count(*) > 0 AS absent FROM absent_input');
    return [
      ...(await absentProcedureWarnings(engine)),
      ...(reads_the_bill ? [BILL_DECIDES] : []),
      ...(blank_without_score ? [BLANK_WITHOUT_SCORE] : []),
      ...(absent ? [NO_DAY_SURGERY] : []),
    ];
  },
};

const BLANK_WITHOUT_SCORE: Text = {
  zh: 'ungrouped.blank_group 为 own-score，而目录没有列出空白病种：这些病例照未入组计分。在目录加一行（类型“空白”、编码、分值）',
  en: 'ungrouped.blank_group is own-score and the catalogue lists no blank group: those cases are scored as ungrouped; add a row (kind blank, code, score) to the catalogue',
};

const NO_DAY_SURGERY: Text = {
  zh: '目录有日间手术病种，清单没有住院医疗类型（ipt_med_type）：没有病例能入这些病种',
  en: 'the catalogue has day-surgery groups and the lists have no ipt_med_type: no case can be in them',
};

const BILL_DECIDES: Text = {
  zh: '入组步骤含 nearest-cost：多个病种时由账单决定入组，有被利用的风险',
  en: 'the grouping steps have nearest-cost: between several groups the bill decides, which invites gaming',
};
