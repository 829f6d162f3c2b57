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
  | { readonly kind: 'special_case'; readonly change: PublishedDecision }
  | {
      readonly kind: 'items';
      readonly change: { readonly rows: readonly Readonly<Record<string, string>>[] };
    };

/** Whose files change: those of an area that is settled, or the benefits of an insured area, by its code. */
export type ChangedArea = { readonly areaId: string } | { readonly insuredArea: string };

/** Who writes the lists of items of insured areas, which other modules read. */
export type ItemFiles = {
  /** @throws when the rows cannot be added to the list as it is now */
  readonly checkItems: (areaCode: string, rows: readonly Readonly<Record<string, string>>[]) => void;
  readonly addItems: (areaCode: string, rows: readonly Readonly<Record<string, string>>[]) => void;
};

declare module '#engine/postgres/store.ts' {
  interface StoreTables {
    area_change: {
      id: number;
      area_id: string | null;
      insured_area: string | null;
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
  items: ItemFiles,
  decided: ChangedArea & { readonly approvalId: string } & AreaChange,
): Promise<void> {
  const { approvalId, kind, change } = decided;
  const areaId = 'areaId' in decided ? decided.areaId : null;
  const insuredArea = 'insuredArea' in decided ? decided.insuredArea : null;
  await sql`SELECT pg_advisory_xact_lock(hashtext(${`area_change ${areaId ?? ''} ${insuredArea ?? ''}`}))`.execute(
    db,
  );
  await applyAreaChanges(db, dataFolder, items, decided);
  if (kind === 'policy') checkDraft(dataFolder, change.draft);
  if (kind === 'items') items.checkItems(insuredArea!, change.rows);
  await sql`INSERT INTO area_change (area_id, insured_area, approval_id, kind, change)
    VALUES (${areaId}, ${insuredArea}, ${approvalId}, ${kind}, ${JSON.stringify(change)})`.execute(db);
}

/**
 * Carries out what was decided and is not yet in the files of an area, or of all areas, in the order of the decisions.
 * What an earlier server left half done is done again.
 * @param items undefined: only an area that is settled is asked for, which has no such lists
 */
export async function applyAreaChanges(
  store: Store,
  dataFolder: string,
  items: ItemFiles | undefined,
  of?: ChangedArea,
): Promise<void> {
  await transaction(store, async (db) => {
    const waiting = await db
      .selectFrom('area_change')
      .selectAll()
      .where('applied_at', 'is', null)
      .$if(of !== undefined && 'areaId' in of, (query) =>
        query.where('area_id', '=', (of as { areaId: string }).areaId),
      )
      .$if(of !== undefined && 'insuredArea' in of, (query) =>
        query.where('insured_area', '=', (of as { insuredArea: string }).insuredArea),
      )
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const { id, area_id, insured_area, ...row } of waiting) {
      const { kind, change } = row as AreaChange;
      if (kind === 'policy') publishDraft(dataFolder, change.draft, change.documentId, change.recorded);
      else if (kind === 'special_case') publishDecision(dataFolder, area_id!, change);
      else items!.addItems(insured_area!, change.rows);
      await sql`UPDATE area_change SET applied_at = now() WHERE id = ${id}`.execute(db);
    }
  });
}
