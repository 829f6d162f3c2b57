import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import type { Policy } from '#policy/index.ts';
import type { GroupingMethod } from '../method.ts';
import { answerSignatures } from './cases/group-signatures.ts';
import { openCatalogue } from './catalogue/catalogue-store.ts';
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

const make = async (engine: Engine, ...tables: readonly string[]): Promise<void> => {
  for (const table of tables) await makeTable(engine, sourceFile(`grouping/dip/${table}.sql`));
};

/** Groups of a published catalogue, assigned by an ordered list of steps. Source: docs/domain/dip.md#settle-by-catalogue. */
export const dipCatalogue: GroupingMethod = {
  readsCase: true,
  diagnosisLength: () => undefined,
  async signatures(engine, policy, areaFolder) {
    const catalogue = await areaCatalogue(areaFolder, policy);
    await make(engine, 'lists/grouping_input');
    await answerSignatures(engine, { catalogue, profile: groupingProfile(policy) });
    await make(engine, 'lists/signature', 'lists/accepted_list');
    await engine.run(
      'CREATE OR REPLACE TABLE given_group (group_code VARCHAR, kind VARCHAR, score4 BIGINT, mean_fen BIGINT)',
    );
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
};
