import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { checkDraft, type PolicyDraft, publishDraft } from './policy-draft.ts';
import { type PublishedDecision, publishDecision } from './special-case.ts';

/** What a decision changes in the files of an area. Carried out twice it does what it does once. */
export type AreaChange =
  | {
      readonly kind: 'policy';
      readonly change: {
        readonly draft: PolicyDraft;
        /** of the document in area.yaml */
        readonly documentId: string;
        /** the day of the decision, YYYY-MM-DD */
        readonly recorded: string;
      };
    }
  | { readonly kind: 'special_case'; readonly change: PublishedDecision };

declare module '#engine/postgres/store.ts' {
  interface StoreTables {
    area_change: {
      id: number;
      area_id: string;
      approval_id: string;
      kind: AreaChange['kind'];
      change: AreaChange['change'];
      applied_at: string | null;
    };
  }
}

/**
 * Writes a change of an area down in the transaction that decides it; `applyAreaChanges` carries it out once that is kept.
 * Decisions of an area follow one another: each is checked against the files as the one before leaves them.
 * @throws YibaoError when the files as they are do not take it
 */
export async function addAreaChange(
  db: Store,
  dataFolder: string,
  decided: { readonly areaId: string; readonly approvalId: string } & AreaChange,
): Promise<void> {
  const { areaId, approvalId, kind, change } = decided;
  await db.selectFrom('area').select('id').where('id', '=', areaId).forUpdate().execute();
  await applyAreaChanges(db, dataFolder, areaId);
  if (kind === 'policy') checkDraft(dataFolder, change.draft);
  await sql`INSERT INTO area_change (area_id, approval_id, kind, change)
    VALUES (${areaId}, ${approvalId}, ${kind}, ${JSON.stringify(change)})`.execute(db);
}

/**
 * Carries out what was decided and is not yet in the files of an area, or of all areas, in the order of the decisions.
 * What an earlier server left half done is done again.
 */
export async function applyAreaChanges(store: Store, dataFolder: string, areaId?: string): Promise<void> {
  await transaction(store, async (db) => {
    const waiting = await db
      .selectFrom('area_change')
      .selectAll()
      .where('applied_at', 'is', null)
      .$if(areaId !== undefined, (query) => query.where('area_id', '=', areaId!))
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const { id, area_id, ...row } of waiting) {
      const { kind, change } = row as AreaChange;
      if (kind === 'policy') publishDraft(dataFolder, change.draft, change.documentId, change.recorded);
      else publishDecision(dataFolder, area_id, change);
      await sql`UPDATE area_change SET applied_at = now() WHERE id = ${id}`.execute(db);
    }
  });
}
