import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { candidatesSql } from '../linkage/weight-sql.ts';
import { type LinkWeights, readWeights, sha256 } from '../linkage/weights.ts';
import { newNumber } from '../numbers.ts';
import { lookEachUp } from '../person-spans.ts';
import { RESIDENTS } from '../schemes.ts';
import type { Mapping } from './mapping.ts';
import { type DepartmentRow, normaliseRows } from './normalise.ts';
import { readTable } from './read-table.ts';

export type Landing = {
  readonly fileId: number;
  /** the same file was landed before: nothing happened */
  readonly wasKnown: boolean;
  readonly rows: number;
  readonly linked: number;
  readonly newPersons: number;
  readonly toReview: number;
  /** rows that say too little to be about anybody, or are no persons */
  readonly unusable: number;
};

export type DepartmentFile = {
  readonly path: string;
  readonly name: string;
  readonly mapping: Mapping;
  readonly login: string;
};

/** How a landing goes on; it throws when the landing is to end. */
export type LandingWatch = { readonly step: (stage: LandingStage, share: number) => Promise<void> };
export type LandingStage = 'receiving' | 'linking' | 'writing';
const UNWATCHED: LandingWatch = { step: async () => {} };

/** Rows of a file in one statement: others who use the store wait for no more than that. */
export const ROWS_AT_ONCE = 2_000;

/** The rows of a file as they were read, some at a time, each as JSON. */
export type PreparedRows = {
  readonly rows: number;
  readonly parts: Iterable<string> | AsyncIterable<string>;
};

/** Reads a file by its mapping. @throws YibaoError when it cannot be read: then nothing of it is landed */
export async function prepareRows(
  file: Pick<DepartmentFile, 'path' | 'name' | 'mapping'>,
): Promise<PreparedRows> {
  const rows = normaliseRows(await readTable(file.path, file.name), file.mapping, file.name);
  return { rows: rows.length, parts: partsOf(rows) };
}

function* partsOf(rows: readonly DepartmentRow[]): Generator<string> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    yield JSON.stringify(rows.slice(start, start + ROWS_AT_ONCE));
  }
}

/**
 * Lands a file of a department unchanged, reads its rows by the mapping and looks for the person of each: exactly first, then by
 * weight. A row like a known person waits for somebody's decision; one like nobody with a whole certificate gets a new file. The same
 * file again does nothing.
 */
export async function landFile(
  store: Store,
  file: DepartmentFile,
  now: Temporal.Instant,
  weights: LinkWeights = readWeights(),
): Promise<Landing> {
  return landRows(store, file, await prepareRows(file), now, weights);
}

/**
 * Lands the rows of a file that was read, in many small transactions: rows are received and linked beside the persons' files, where
 * they can be given up without a trace, and then go over. Ended in the middle of that, the same file goes on where it stopped, with
 * the links it had.
 */
export async function landRows(
  store: Store,
  file: DepartmentFile,
  prepared: PreparedRows,
  now: Temporal.Instant,
  weights: LinkWeights = readWeights(),
  watch: LandingWatch = UNWATCHED,
): Promise<Landing> {
  const { department } = file.mapping;
  const bytes = readFileSync(file.path);
  const hash = sha256(bytes);
  const before = await sql<{ file_id: number; landing_id: number | null }>`SELECT f.file_id, l.landing_id
    FROM department_file AS f LEFT JOIN landing AS l ON l.file_id = f.file_id
    WHERE f.department = ${department} AND f.sha256 = ${hash}`.execute(store);
  const known = before.rows[0];
  if (known !== undefined && known.landing_id === null) {
    return { ...(await countsOf(store, known.file_id)), fileId: known.file_id, wasKnown: true };
  }
  const landingId = known?.landing_id ?? (await receive(store, { department, hash }, prepared, now, watch));
  try {
    const fileId =
      known?.file_id ?? (await link(store, landingId, file, { bytes, hash }, weights, now, watch));
    await goOver(store, { landingId, fileId, holds: file.mapping.holds }, now, watch);
    return { ...(await countsOf(store, fileId)), fileId, wasKnown: false };
  } catch (error) {
    await giveUp(store, { department, hash });
    throw error;
  }
}

/** Whether the landing of one of some files stopped after rows of it went over: it needs the file to go on. */
export async function isHalfLanded(store: Store, paths: readonly string[]): Promise<boolean> {
  const hashes = paths.map((path) => sha256(readFileSync(path)));
  const { rows } =
    await sql`SELECT 1 FROM landing WHERE sha256 = ANY(${hashes}::text[]) AND file_id IS NOT NULL`.execute(
      store,
    );
  return rows.length > 0;
}

/** Takes away what was received of a file none of whose rows went over. */
async function giveUp(
  store: Store,
  file: { readonly department: string; readonly hash: string },
): Promise<void> {
  await transaction(store, async (db) => {
    const { rows } = await sql<{ landing_id: number }>`SELECT landing_id FROM landing
      WHERE department = ${file.department} AND sha256 = ${file.hash} AND file_id IS NULL FOR UPDATE`.execute(
      db,
    );
    for (const { landing_id } of rows) {
      await sql`DELETE FROM landing_row WHERE landing_id = ${landing_id}`.execute(db);
      await sql`DELETE FROM landing WHERE landing_id = ${landing_id}`.execute(db);
    }
  });
}

async function receive(
  store: Store,
  file: { readonly department: string; readonly hash: string },
  prepared: PreparedRows,
  now: Temporal.Instant,
  watch: LandingWatch,
): Promise<number> {
  await giveUp(store, file);
  const { rows: made } = await sql<{ landing_id: number }>`INSERT INTO landing (department, sha256)
    VALUES (${file.department}, ${file.hash}) RETURNING landing_id`.execute(store);
  const landingId = made[0]!.landing_id;
  let received = 0;
  try {
    for await (const part of prepared.parts) {
      await watch.step('receiving', received / prepared.rows);
      const numbers = Array.from({ length: ROWS_AT_ONCE }, () => newNumber(now));
      await sql`INSERT INTO landing_row (landing_id, line, raw, name, psn_cert_type, certno, certno_given, old_certno, gend, brdy,
          tel, addr, county, facts, problems, new_no)
        SELECT ${landingId}, line, raw, name, psn_cert_type, certno, certno_given, old_certno, gend, brdy, tel, addr, county,
          facts, problems, (${numbers}::text[])[row_number() OVER (ORDER BY line)]
        FROM jsonb_to_recordset(${part}::jsonb) AS t (line integer, raw jsonb, name text,
          psn_cert_type text, certno text, certno_given text, old_certno text, gend text, brdy date, tel text, addr text,
          county text, facts jsonb, problems jsonb)`.execute(store);
      received += ROWS_AT_ONCE;
    }
  } catch (error) {
    await giveUp(store, file);
    throw error;
  }
  return landingId;
}

/** Whether rows tell who somebody is, which may make persons and questions for the queue; the others name money or answers. */
const namesPersons = (holds: string): boolean =>
  !['payable-answers', 'treasury', 'collection'].includes(holds);

/** Finds whom each row is about, and writes the file down: from here on its rows go over. */
async function link(
  store: Store,
  landingId: number,
  file: DepartmentFile,
  content: { readonly bytes: Uint8Array; readonly hash: string },
  weights: LinkWeights,
  now: Temporal.Instant,
  watch: LandingWatch,
): Promise<number> {
  const { mapping } = file;
  // what was just written is not yet known to the planner, nor is anything where nobody collects statistics
  for (const table of ['landing_row', 'person', 'person_certificate', 'person_contact']) {
    await sql`ANALYZE ${sql.table(table)}`.execute(store);
  }
  const isAboutPersons = namesPersons(mapping.holds);
  const spans = await spansOf(store, landingId);
  for (const [index, span] of spans.entries()) {
    await watch.step('linking', index / spans.length);
    if (isAboutPersons) await transaction(store, (db) => linkRows(db, span, weights));
    else if (mapping.holds !== 'payable-answers') await linkPayments(store, span);
  }
  return transaction(store, async (db) => {
    if (isAboutPersons) {
      // rows of one certificate within the file are one person when they say one name
      await sql`UPDATE landing_row AS r SET state = CASE WHEN first.names = 1 THEN 'new' ELSE 'review' END,
          reason = CASE WHEN first.names = 1 THEN 'certificate' ELSE 'name-differs' END,
          new_no = first.new_no
        FROM (SELECT psn_cert_type, certno, (array_agg(new_no ORDER BY line))[1] AS new_no,
            count(DISTINCT plain_name(name)) AS names
          FROM landing_row WHERE landing_id = ${landingId} AND state = 'landed' GROUP BY psn_cert_type, certno
          HAVING count(*) > 1) AS first
        WHERE r.landing_id = ${landingId} AND r.state = 'landed' AND first.psn_cert_type = r.psn_cert_type
          AND first.certno = r.certno`.execute(db);
    }
    const { rows } = await sql<{ file_id: number }>`INSERT INTO department_file
        (department, holds, file_name, sha256, content, mapping_sha256, expects, rows, landed_by, landed_at)
      SELECT ${mapping.department}, ${mapping.holds}, ${file.name}, ${content.hash}, ${content.bytes}, ${mapping.sha256},
        ${[...mapping.expects]}::text[], count(*)::integer, ${file.login}, ${now.toString()}::timestamptz
      FROM landing_row WHERE landing_id = ${landingId}
      RETURNING file_id`.execute(db);
    await sql`UPDATE landing SET file_id = ${rows[0]!.file_id} WHERE landing_id = ${landingId}`.execute(db);
    return rows[0]!.file_id;
  });
}

type Span = { readonly landingId: number; readonly from: number; readonly to: number };

async function spansOf(store: Store, landingId: number): Promise<readonly Span[]> {
  const { rows } = await sql<Omit<Span, 'landingId'>>`SELECT min(line) AS "from", max(line) AS "to"
    FROM (SELECT line, (row_number() OVER (ORDER BY line) - 1) / ${ROWS_AT_ONCE} AS part FROM landing_row
      WHERE landing_id = ${landingId}) AS t GROUP BY part ORDER BY part`.execute(store);
  return rows.map((span) => ({ landingId, ...span }));
}

const inSpan = ({ landingId, from, to }: Span) =>
  sql`(r.landing_id = ${landingId} AND r.line BETWEEN ${from} AND ${to})`;

/** Payments belong to whom their certificate names exactly, or to nobody yet: the reconciliation lists those. */
async function linkPayments(store: Store, span: Span): Promise<void> {
  await sql`UPDATE landing_row AS r SET psn_no = c.psn_no, state = 'linked',
      reason = CASE WHEN c.psn_no IS NULL THEN 'no-person' ELSE 'certificate' END
    FROM landing_row AS o LEFT JOIN person_certificate AS c
      ON o.certno <> '' AND c.psn_cert_type = o.psn_cert_type AND c.certno = o.certno
    WHERE ${inSpan(span)} AND o.landing_id = r.landing_id AND o.line = r.line`.execute(store);
}

/** What the tax bureau says of rows of payable lists goes to these rows; one that is of no list stays unusable. */
async function takeAnswers(db: StoreTransaction, fileId: number, { from, to }: Span): Promise<void> {
  await sql`INSERT INTO payable_answer (list_id, number, result, reason, file_id, line)
    SELECT b.list_id, b.number, r.facts ->> 'result', coalesce(r.facts ->> 'reason', ''), r.file_id, r.line
    FROM department_row AS r JOIN payable AS b ON b.list_id || '-' || b.number = r.facts ->> 'payable'
      AND b.list_id = split_part(r.facts ->> 'payable', '-', 1)::bigint
    WHERE r.file_id = ${fileId} AND r.line BETWEEN ${from} AND ${to} AND r.problems = '[]'
      AND r.facts ->> 'payable' ~ '^[0-9]{1,15}-[0-9]{1,9}$'
      AND r.facts ->> 'result' IN ('accepted', 'refused') ORDER BY r.line`.execute(db);
  await sql`UPDATE department_row AS r SET psn_no = b.psn_no, state = CASE WHEN b.psn_no IS NULL THEN 'unusable' ELSE 'linked' END,
      reason = CASE WHEN b.psn_no IS NULL THEN 'no-such-payable' ELSE 'payable' END
    FROM department_row AS o LEFT JOIN payable_answer AS a ON a.file_id = o.file_id AND a.line = o.line
    LEFT JOIN payable AS b ON b.list_id = a.list_id AND b.number = a.number
    WHERE r.file_id = ${fileId} AND r.line BETWEEN ${from} AND ${to} AND o.file_id = r.file_id AND o.line = r.line`.execute(
    db,
  );
}

async function linkRows(db: StoreTransaction, span: Span, weights: LinkWeights): Promise<void> {
  await lookEachUp(db);
  await sql`UPDATE landing_row AS r SET state = 'unusable', reason = 'says-too-little'
    WHERE ${inSpan(span)} AND (name = '' AND certno = '' OR certno_given = '' AND brdy IS NULL AND tel = '')`.execute(
    db,
  );
  // exactly, by the certificate; another name under it is doubtful
  await sql`UPDATE landing_row AS r SET
      psn_no = CASE WHEN names_agree THEN c.psn_no END, state = CASE WHEN names_agree THEN 'linked' ELSE 'review' END,
      reason = CASE WHEN names_agree THEN 'certificate' ELSE 'name-differs' END
    FROM (SELECT r.line, c.psn_no, r.name = '' OR plain_name(p.name) = plain_name(r.name) AS names_agree
      FROM landing_row AS r
      JOIN person_certificate AS c ON c.psn_cert_type = r.psn_cert_type AND c.certno = r.certno
      JOIN person AS p ON p.psn_no = c.psn_no WHERE ${inSpan(span)} AND r.state = 'landed') AS c
    WHERE ${inSpan(span)} AND r.line = c.line`.execute(db);
  // an old certificate, where name and birth agree too
  await sql`UPDATE landing_row AS r SET psn_no = c.psn_no, state = 'linked', reason = 'old-certificate'
    FROM (SELECT r.line, min(p.psn_no) AS psn_no FROM landing_row AS r
      CROSS JOIN LATERAL unnest(ARRAY[r.old_certno, r.certno_given]) AS told (certno)
      JOIN person_certificate AS c ON c.certno = told.certno
      JOIN person AS p ON p.psn_no = c.psn_no AND plain_name(p.name) = plain_name(r.name) AND p.brdy = r.brdy
      WHERE ${inSpan(span)} AND r.state = 'landed' AND r.name <> '' AND c.certno <> ''
      GROUP BY r.line HAVING count(DISTINCT p.psn_no) = 1) AS c
    WHERE ${inSpan(span)} AND r.line = c.line`.execute(db);
  // by weight: whoever is like somebody known waits
  const { landingId, from, to } = span;
  const rows = `(SELECT * FROM landing_row WHERE landing_id = ${Math.trunc(landingId)}
    AND line BETWEEN ${Math.trunc(from)} AND ${Math.trunc(to)} AND state = 'landed')`;
  await sql`UPDATE landing_row AS r SET state = 'review', reason = 'similar', candidates = c.candidates, best_weight100 = c.best
    FROM (SELECT line, jsonb_agg(psn_no ORDER BY weight100 DESC, psn_no) AS candidates, max(weight100) AS best
      FROM (${sql.raw(candidatesSql(rows, weights))}) AS t GROUP BY line) AS c
    WHERE ${inSpan(span)} AND r.line = c.line`.execute(db);
  await sql`UPDATE landing_row AS r SET state = CASE WHEN certno = '' OR name = '' THEN 'review' ELSE state END,
      reason = CASE WHEN certno = '' OR name = '' THEN 'no-certificate' ELSE 'certificate' END
    WHERE ${inSpan(span)} AND state = 'landed'`.execute(db);
}

/** Rows go over to the persons' files and to the queue, in the order of their lines; what went over is no longer in the landing. */
async function goOver(
  store: Store,
  landing: { readonly landingId: number; readonly fileId: number; readonly holds: string },
  now: Temporal.Instant,
  watch: LandingWatch,
): Promise<void> {
  const { landingId, fileId, holds } = landing;
  const at = now.toString();
  const isAboutPersons = namesPersons(holds);
  const spans = await spansOf(store, landingId);
  for (const [index, span] of spans.entries()) {
    await watch.step('writing', index / spans.length);
    await transaction(store, async (db) => {
      if (isAboutPersons) {
        await sql`UPDATE landing_row AS r SET state = 'new' WHERE ${inSpan(span)} AND state = 'landed'`.execute(
          db,
        );
        // somebody got this certificate since the rows were linked: not a new person without a look
        await sql`UPDATE landing_row AS r SET state = 'review', reason = 'similar', candidates = jsonb_build_array(c.psn_no)
          FROM person_certificate AS c WHERE ${inSpan(span)} AND r.state = 'new' AND c.psn_cert_type = r.psn_cert_type
            AND c.certno = r.certno AND c.psn_no <> r.new_no`.execute(db);
        await sql`INSERT INTO person (psn_no, name, gend, brdy, made_at)
          SELECT DISTINCT ON (new_no) new_no, name, gend, brdy, ${at}::timestamptz FROM landing_row AS r
          WHERE ${inSpan(span)} AND state = 'new' ORDER BY new_no, r.line ON CONFLICT DO NOTHING`.execute(db);
      }
      await sql`INSERT INTO department_row (file_id, line, raw, name, psn_cert_type, certno, certno_given, old_certno, gend, brdy,
          tel, addr, county, facts, problems, new_no, psn_no, state, reason)
        SELECT ${fileId}, line, raw, name, psn_cert_type, certno, certno_given, old_certno, gend, brdy, tel, addr, county, facts,
          problems, new_no, CASE WHEN state = 'new' THEN new_no ELSE psn_no END, state, reason
        FROM landing_row AS r WHERE ${inSpan(span)} ORDER BY line`.execute(db);
      if (isAboutPersons) {
        await writePersons(db, fileId, span, now);
        await sql`INSERT INTO person_review (source, line, reason, candidates, row, made_at, file_id, best_weight100)
          SELECT f.department || ' ' || f.file_name || ' ' || left(f.sha256, 12), r.line, r.reason,
            coalesce(r.candidates, CASE WHEN k.psn_no IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(k.psn_no) END),
            to_jsonb(d) - 'raw', ${at}::timestamptz, f.file_id, r.best_weight100
          FROM landing_row AS r JOIN department_file AS f ON f.file_id = ${fileId}
          JOIN department_row AS d ON d.file_id = f.file_id AND d.line = r.line
          LEFT JOIN person_certificate AS k ON k.psn_cert_type = r.psn_cert_type AND k.certno = r.certno
          WHERE ${inSpan(span)} AND r.state = 'review' ORDER BY r.line`.execute(db);
      } else if (holds === 'payable-answers') await takeAnswers(db, fileId, span);
      await sql`DELETE FROM landing_row AS r WHERE ${inSpan(span)}`.execute(db);
    });
  }
  await sql`DELETE FROM landing WHERE landing_id = ${landingId}`.execute(store);
}

/**
 * Adds to the files of the persons of some rows what their department says: certificates, contacts, labels with their dates, insurance
 * elsewhere, death. Nothing that stands is overwritten.
 */
export async function writePersons(
  db: StoreTransaction,
  fileId: number,
  { from, to }: { readonly from: number; readonly to: number },
  now: Temporal.Instant,
): Promise<void> {
  const at = now.toString();
  const rows = sql`(SELECT r.*, f.holds FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id
    WHERE r.file_id = ${fileId} AND r.line BETWEEN ${from} AND ${to} AND r.psn_no IS NOT NULL AND r.state IN ('linked', 'new', 'decided'))`;
  await sql`INSERT INTO person_certificate (psn_cert_type, certno, psn_no, is_main)
    SELECT DISTINCT ON (psn_cert_type, certno) psn_cert_type, certno, psn_no, NOT EXISTS (
      SELECT 1 FROM person_certificate AS c WHERE c.psn_no = r.psn_no)
    FROM ${rows} AS r WHERE certno <> '' ORDER BY psn_cert_type, certno, line ON CONFLICT DO NOTHING`.execute(
    db,
  );
  await sql`INSERT INTO person_contact (psn_no, kind, value, file_id)
    SELECT DISTINCT psn_no, kind, value, ${fileId}::bigint FROM ${rows} AS r
    CROSS JOIN LATERAL (VALUES ('tel', tel), ('addr', addr)) AS told (kind, value)
    WHERE value <> '' ON CONFLICT DO NOTHING`.execute(db);
  await sql`UPDATE person AS p SET gend = CASE WHEN p.gend IN ('1', '2') THEN p.gend ELSE r.gend END,
      brdy = coalesce(p.brdy, r.brdy), death_date = coalesce(p.death_date, r.death_date)
    FROM (SELECT psn_no, max(gend) FILTER (WHERE gend IN ('1', '2')) AS gend, min(brdy) AS brdy,
        min((facts ->> 'death_date')::date) AS death_date
      FROM ${rows} AS r GROUP BY psn_no) AS r
    WHERE p.psn_no = r.psn_no AND (p.death_date IS NULL AND r.death_date IS NOT NULL OR p.brdy IS NULL AND r.brdy IS NOT NULL
      OR p.gend NOT IN ('1', '2') AND r.gend IS NOT NULL)`.execute(db);
  await sql`INSERT INTO person_identity (psn_no, psn_idet_type, begndate, enddate, memo)
    SELECT DISTINCT ON (psn_no, facts ->> 'psn_idet_type', facts ->> 'begndate') psn_no, facts ->> 'psn_idet_type',
      (facts ->> 'begndate')::date, (facts ->> 'enddate')::date, 'department file ' || file_id
    FROM ${rows} AS r WHERE holds = 'identities' AND facts ? 'psn_idet_type' AND facts ? 'begndate'
      AND coalesce(facts ->> 'enddate', facts ->> 'begndate') >= facts ->> 'begndate'
    ORDER BY psn_no, facts ->> 'psn_idet_type', facts ->> 'begndate', line DESC
    ON CONFLICT (psn_no, psn_idet_type, begndate) DO UPDATE SET enddate = EXCLUDED.enddate
    WHERE person_identity.enddate IS NULL AND EXCLUDED.enddate IS NOT NULL`.execute(db);
  await sql`INSERT INTO continuity_fact (psn_no, insutype, year, continuous_years, zero_claim_years, earned_before_gap_fen,
      stated_by, stated_at, file_id)
    SELECT psn_no, ${RESIDENTS}, (facts ->> 'year')::integer, (facts ->> 'continuous_years')::integer,
      (facts ->> 'zero_claim_years')::integer, (facts ->> 'earned_before_gap_fen')::bigint,
      (SELECT f.landed_by FROM department_file AS f WHERE f.file_id = r.file_id), ${at}::timestamptz, file_id
    FROM ${rows} AS r WHERE holds = 'continuity' AND problems = '[]' AND facts ? 'year'
      AND facts ?| ARRAY['continuous_years', 'zero_claim_years', 'earned_before_gap_fen']
    ORDER BY line`.execute(db);
  await sql`INSERT INTO enrolment_elsewhere (psn_no, insutype, insuplc_admdvs, begndate, enddate, file_id)
    SELECT DISTINCT ON (psn_no, facts ->> 'insutype', facts ->> 'insuplc_admdvs', facts ->> 'begndate') psn_no,
      facts ->> 'insutype', facts ->> 'insuplc_admdvs', (facts ->> 'begndate')::date, (facts ->> 'enddate')::date, file_id
    FROM ${rows} AS r WHERE holds = 'members' AND facts ? 'insutype' AND facts ? 'insuplc_admdvs' AND facts ? 'begndate'
      AND coalesce(facts ->> 'enddate', facts ->> 'begndate') >= facts ->> 'begndate'
    ORDER BY psn_no, facts ->> 'insutype', facts ->> 'insuplc_admdvs', facts ->> 'begndate', line DESC
    ON CONFLICT (psn_no, insutype, insuplc_admdvs, begndate) DO UPDATE SET enddate = EXCLUDED.enddate,
      file_id = EXCLUDED.file_id`.execute(db);
}

async function countsOf(db: Store, fileId: number): Promise<Omit<Landing, 'fileId' | 'wasKnown'>> {
  const { rows } = await sql<Omit<Landing, 'fileId' | 'wasKnown'>>`SELECT count(*) AS rows,
      count(*) FILTER (WHERE state IN ('linked', 'decided')) AS linked,
      count(DISTINCT psn_no) FILTER (WHERE state = 'new') AS "newPersons",
      count(*) FILTER (WHERE state = 'review') AS "toReview",
      count(*) FILTER (WHERE state IN ('unusable', 'refused')) AS unusable
    FROM department_row WHERE file_id = ${fileId}`.execute(db);
  return rows[0]!;
}
