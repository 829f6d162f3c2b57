import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { CatalogueRow, ListedCode } from '#benefits/index.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import type { BenefitSource } from './benefit-source.ts';

/** The name of the list of items; the others are lists of codes. */
export const ITEMS = 'items';

/** A row of a list as institutions are told it: a row of items, or a code with its name. */
export type EntryBody = Omit<CatalogueRow, 'from'> & Partial<ListedCode>;

type Entry = { readonly rid: string; readonly code: string; readonly body: EntryBody };
type Published = { readonly entries: readonly Entry[]; readonly sha256: string };

const RID_CHARACTERS = 40;
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a list says now, worked out once for each reading of its files. */
const published = new WeakMap<object, Map<string, Published>>();

function publishedOf(source: BenefitSource, areaCode: string, list: string): Published | undefined {
  const read = list === ITEMS ? source.catalogueOf(areaCode) : source.codesOf(areaCode, list);
  if (read === undefined) return undefined;
  const known = published.get(read)?.get(areaCode);
  if (known !== undefined) return known;
  const rows: readonly EntryBody[] =
    list === ITEMS ? [...(read as Map<string, EntryBody[]>).values()].flat() : (read as ListedCode[]);
  const made = entriesOf(rows, areaCode, list);
  published.set(read, (published.get(read) ?? new Map<string, Published>()).set(areaCode, made));
  return made;
}

/** Each row has a number that says what it speaks of, so that a row that only changed keeps its number. */
function entriesOf(rows: readonly EntryBody[], areaCode: string, list: string): Published {
  const times = new Map<string, number>();
  const entries = rows.map((body): Entry => {
    const { code, from = '', level = '', scheme = '', priceFrom6 = '' } = body;
    const about = [areaCode, list, code, from, level, scheme, priceFrom6].join('\t');
    const time = times.get(about) ?? 0;
    times.set(about, time + 1);
    return { rid: sha256Of(`${about}\t${time}`).slice(0, RID_CHARACTERS), code, body };
  });
  return { entries, sha256: sha256Of(JSON.stringify(entries.map(({ rid, body }) => [rid, body]))) };
}

/**
 * Brings the stored list up to what the area's files say and tells its version; 0: the area has no such list. Rows that are new or
 * changed get the new version, rows that are gone get it, too, and are no longer valid. Source: docs/domain/visits.md#lists.
 */
export async function publishList(
  db: StoreTransaction,
  source: BenefitSource,
  areaCode: string,
  list: string,
  now: Temporal.Instant,
): Promise<number> {
  const given = publishedOf(source, areaCode, list);
  const latest = async () => {
    const { rows } = await sql<{
      version: number;
      sha256: string;
    }>`SELECT version, sha256 FROM catalogue_version
      WHERE area_code = ${areaCode} AND list = ${list} ORDER BY version DESC LIMIT 1`.execute(db);
    return rows[0];
  };
  const isUpToDate = (last: { readonly sha256: string } | undefined): boolean =>
    last === undefined ? (given?.entries ?? []).length === 0 : last.sha256 === given?.sha256;
  const before = await latest();
  if (isUpToDate(before) || given === undefined) return before?.version ?? 0;
  // two that ask at once make one version
  await sql`LOCK TABLE catalogue_version IN SHARE ROW EXCLUSIVE MODE`.execute(db);
  const last = await latest();
  if (isUpToDate(last)) return last?.version ?? 0;
  const version = (last?.version ?? 0) + 1;
  const at = now.toString();
  await sql`WITH given AS (
      SELECT rid, code, body FROM jsonb_to_recordset(${JSON.stringify(given.entries)}::jsonb)
        AS g (rid text, code text, body jsonb)),
    gone AS (
      UPDATE catalogue_entry AS e SET is_valid = false, version = ${version}, changed_at = ${at}
      WHERE area_code = ${areaCode} AND list = ${list} AND is_valid
        AND NOT EXISTS (SELECT 1 FROM given WHERE given.rid = e.rid))
    INSERT INTO catalogue_entry AS e (area_code, list, rid, code, version, is_valid, body, made_at, changed_at)
    SELECT ${areaCode}, ${list}, rid, code, ${version}, true, body, ${at}, ${at} FROM given
    ON CONFLICT (area_code, list, rid) DO UPDATE
      SET version = EXCLUDED.version, is_valid = true, body = EXCLUDED.body, changed_at = EXCLUDED.changed_at
      WHERE e.body <> EXCLUDED.body OR NOT e.is_valid`.execute(db);
  await sql`INSERT INTO catalogue_version (area_code, list, version, sha256, published_at)
    VALUES (${areaCode}, ${list}, ${version}, ${given.sha256}, ${at})`.execute(db);
  return version;
}

const BY_PREFIX: readonly (readonly [RegExp, string])[] = [
  [/^[XZ]/i, '101'],
  [/^T/i, '102'],
  [/^C/i, '301'],
  [/^\d/, '201'],
];
const OTHER = '105';

/** list_type: what the row says, else what the first letter of the national code does. */
export const listTypeOf = ({ code, listType }: Pick<EntryBody, 'code' | 'listType'>): string =>
  listType ?? BY_PREFIX.find(([prefix]) => prefix.test(code))?.[1] ?? OTHER;

/** Whatever is neither a service nor a consumable. */
export const isDrug = (body: Pick<EntryBody, 'code' | 'listType'>): boolean =>
  !/^[23]/.test(listTypeOf(body));

/** med_chrgitm_type of the list types that have one of their own; 14 is for all others. */
const CHARGE_TYPES: Readonly<Record<string, string>> = { '102': '10', '103': '09', '104': '09', '301': '08' };
export const chargeTypeOf = (body: Pick<EntryBody, 'code' | 'listType'>): string => {
  const type = listTypeOf(body);
  return type === '101' ? (/^Z/i.test(body.code) ? '11' : '09') : (CHARGE_TYPES[type] ?? '14');
};
