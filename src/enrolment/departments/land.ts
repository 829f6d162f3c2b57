import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { candidatesSql } from '../linkage/weight-sql.ts';
import { type LinkWeights, readWeights, sha256 } from '../linkage/weights.ts';
import { newNumber } from '../numbers.ts';
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

const ROWS_AT_ONCE = 2_000;

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
  const { mapping } = file;
  const bytes = readFileSync(file.path);
  const hash = sha256(bytes);
  const rows = normaliseRows(await readTable(file.path, file.name), mapping, file.name);
  return transaction(store, async (db) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${`department ${mapping.department} ${hash}`}))`.execute(
      db,
    );
    const known = await sql<{ file_id: number }>`SELECT file_id FROM department_file
      WHERE department = ${mapping.department} AND sha256 = ${hash}`.execute(db);
    const before = known.rows[0]?.file_id;
    if (before !== undefined) return { ...(await countsOf(db, before)), fileId: before, wasKnown: true };
    const { rows: made } = await sql<{ file_id: number }>`INSERT INTO department_file
        (department, holds, file_name, sha256, content, mapping_sha256, expects, rows,
        landed_by, landed_at)
      VALUES (${mapping.department}, ${mapping.holds}, ${file.name}, ${hash}, ${bytes}, ${mapping.sha256},
        ${[...mapping.expects]}::text[], ${rows.length}, ${file.login}, ${now.toString()})
      RETURNING file_id`.execute(db);
    const fileId = made[0]!.file_id;
    await insertRows(db, fileId, rows, now);
    if (mapping.holds === 'payable-answers') await takeAnswers(db, fileId);
    else if (mapping.holds === 'treasury' || mapping.holds === 'collection') await linkPayments(db, fileId);
    else await linkRows(db, fileId, weights, now);
    return { ...(await countsOf(db, fileId)), fileId, wasKnown: false };
  });
}

async function insertRows(
  db: StoreTransaction,
  fileId: number,
  rows: readonly DepartmentRow[],
  now: Temporal.Instant,
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const some = rows.slice(start, start + ROWS_AT_ONCE).map((row) => ({ ...row, new_no: newNumber(now) }));
    await sql`INSERT INTO department_row (file_id, line, raw, name, psn_cert_type, certno, certno_given, old_certno, gend,
        brdy, tel, addr, county, facts, problems, new_no, state)
      SELECT ${fileId}, line, raw, name, psn_cert_type, certno, certno_given, old_certno, gend, brdy, tel, addr, county,
        facts, problems, new_no, 'landed'
      FROM jsonb_to_recordset(${JSON.stringify(some)}::jsonb) AS t (line integer, raw jsonb, name text,
        psn_cert_type text, certno text, certno_given text, old_certno text, gend text, brdy date, tel text, addr text,
        county text, facts jsonb, problems jsonb, new_no text)`.execute(db);
  }
}

/** Payments belong to whom their certificate names exactly, or to nobody yet: the reconciliation lists those. */
async function linkPayments(db: StoreTransaction, fileId: number): Promise<void> {
  await sql`UPDATE department_row SET state = 'linked', reason = 'no-person' WHERE file_id = ${fileId}`.execute(
    db,
  );
  await sql`UPDATE department_row AS r SET psn_no = c.psn_no, reason = 'certificate' FROM person_certificate AS c
    WHERE r.file_id = ${fileId} AND r.certno <> '' AND c.psn_cert_type = r.psn_cert_type AND c.certno = r.certno`.execute(
    db,
  );
}

/** What the tax bureau says of rows of payable lists goes to these rows; one that is of no list stays unusable. */
async function takeAnswers(db: StoreTransaction, fileId: number): Promise<void> {
  await sql`INSERT INTO payable_answer (list_id, number, result, reason, file_id, line)
    SELECT b.list_id, b.number, r.facts ->> 'result', coalesce(r.facts ->> 'reason', ''), r.file_id, r.line
    FROM department_row AS r JOIN payable AS b ON b.list_id || '-' || b.number = r.facts ->> 'payable'
      AND b.list_id = split_part(r.facts ->> 'payable', '-', 1)::bigint
    WHERE r.file_id = ${fileId} AND r.problems = '[]' AND r.facts ->> 'payable' ~ '^[0-9]{1,15}-[0-9]{1,9}$'
      AND r.facts ->> 'result' IN ('accepted', 'refused') ORDER BY r.line`.execute(db);
  await sql`UPDATE department_row AS r SET psn_no = b.psn_no, state = CASE WHEN b.psn_no IS NULL THEN 'unusable' ELSE 'linked' END,
      reason = CASE WHEN b.psn_no IS NULL THEN 'no-such-payable' ELSE 'payable' END
    FROM department_row AS o LEFT JOIN payable_answer AS a ON a.file_id = o.file_id AND a.line = o.line
    LEFT JOIN payable AS b ON b.list_id = a.list_id AND b.number = a.number
    WHERE r.file_id = ${fileId} AND o.file_id = r.file_id AND o.line = r.line`.execute(db);
}

async function linkRows(
  db: StoreTransaction,
  fileId: number,
  weights: LinkWeights,
  now: Temporal.Instant,
): Promise<void> {
  await sql`UPDATE department_row SET state = 'unusable', reason = 'says-too-little'
    WHERE file_id = ${fileId} AND (name = '' AND certno = '' OR certno_given = '' AND brdy IS NULL AND tel = '')`.execute(
    db,
  );
  // exactly, by the certificate; another name under it is doubtful
  await sql`UPDATE department_row AS r SET
      psn_no = CASE WHEN names_agree THEN c.psn_no END, state = CASE WHEN names_agree THEN 'linked' ELSE 'review' END,
      reason = CASE WHEN names_agree THEN 'certificate' ELSE 'name-differs' END
    FROM (SELECT r.line, c.psn_no, r.name = '' OR plain_name(p.name) = plain_name(r.name) AS names_agree
      FROM department_row AS r
      JOIN person_certificate AS c ON c.psn_cert_type = r.psn_cert_type AND c.certno = r.certno
      JOIN person AS p ON p.psn_no = c.psn_no WHERE r.file_id = ${fileId} AND r.state = 'landed') AS c
    WHERE r.file_id = ${fileId} AND r.line = c.line`.execute(db);
  // an old certificate, where name and birth agree too
  await sql`UPDATE department_row AS r SET psn_no = c.psn_no, state = 'linked', reason = 'old-certificate'
    FROM (SELECT r.line, min(p.psn_no) AS psn_no FROM department_row AS r
      JOIN person_certificate AS c ON c.certno IN (r.old_certno, r.certno_given)
      JOIN person AS p ON p.psn_no = c.psn_no AND plain_name(p.name) = plain_name(r.name) AND p.brdy = r.brdy
      WHERE r.file_id = ${fileId} AND r.state = 'landed' AND r.name <> '' AND c.certno <> ''
      GROUP BY r.line HAVING count(DISTINCT p.psn_no) = 1) AS c
    WHERE r.file_id = ${fileId} AND r.line = c.line`.execute(db);
  // by weight: whoever is like somebody known waits
  const rows = `(SELECT * FROM department_row WHERE file_id = ${Number(fileId)} AND state = 'landed')`;
  await sql`CREATE TEMPORARY TABLE link_candidate ON COMMIT DROP AS
    SELECT line, psn_no, weight100 FROM (${sql.raw(candidatesSql(rows, weights))}) AS t`.execute(db);
  await sql`UPDATE department_row AS r SET state = 'review', reason = 'similar'
    FROM (SELECT DISTINCT line FROM link_candidate) AS c WHERE r.file_id = ${fileId} AND r.line = c.line`.execute(
    db,
  );
  await sql`UPDATE department_row SET state = 'review', reason = 'no-certificate'
    WHERE file_id = ${fileId} AND state = 'landed' AND (certno = '' OR name = '')`.execute(db);
  // rows of one certificate within the file are one person when they say one name
  await sql`UPDATE department_row AS r SET state = CASE WHEN first.names = 1 THEN 'new' ELSE 'review' END,
      reason = CASE WHEN first.names = 1 THEN 'certificate' ELSE 'name-differs' END,
      new_no = first.new_no
    FROM (SELECT psn_cert_type, certno, (array_agg(new_no ORDER BY line))[1] AS new_no,
        count(DISTINCT plain_name(name)) AS names
      FROM department_row WHERE file_id = ${fileId} AND state = 'landed' GROUP BY psn_cert_type, certno) AS first
    WHERE r.file_id = ${fileId} AND r.state = 'landed' AND first.psn_cert_type = r.psn_cert_type
      AND first.certno = r.certno`.execute(db);
  await writePersons(db, fileId, undefined, now);
  await sql`INSERT INTO person_review (source, line, reason, candidates, row, made_at, file_id, best_weight100)
    SELECT f.department || ' ' || f.file_name || ' ' || left(f.sha256, 12), r.line, r.reason,
      coalesce(c.candidates, CASE WHEN k.psn_no IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(k.psn_no) END),
      to_jsonb(r) - 'raw', ${now.toString()}::timestamptz, f.file_id, c.best
    FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id
    LEFT JOIN person_certificate AS k ON k.psn_cert_type = r.psn_cert_type AND k.certno = r.certno
    LEFT JOIN (SELECT line, jsonb_agg(psn_no ORDER BY weight100 DESC, psn_no) AS candidates, max(weight100) AS best
      FROM link_candidate GROUP BY line) AS c ON c.line = r.line
    WHERE r.file_id = ${fileId} AND r.state = 'review' ORDER BY r.line`.execute(db);
  await sql`DROP TABLE link_candidate`.execute(db);
}

/**
 * Makes the files of new persons and adds to those of all persons of the rows what their department says: certificates, contacts,
 * labels with their dates, insurance elsewhere, death. Nothing that stands is overwritten.
 * @param line one row; undefined: all of the file
 */
export async function writePersons(
  db: StoreTransaction,
  fileId: number,
  line: number | undefined,
  now: Temporal.Instant,
): Promise<void> {
  const at = now.toString();
  const lines = line === undefined ? sql`true` : sql`r.line = ${line}`;
  await sql`INSERT INTO person (psn_no, name, gend, brdy, made_at)
    SELECT DISTINCT ON (new_no) new_no, name, gend, brdy, ${at}::timestamptz FROM department_row AS r
    WHERE file_id = ${fileId} AND ${lines} AND state = 'new' ORDER BY new_no, r.line ON CONFLICT DO NOTHING`.execute(
    db,
  );
  await sql`UPDATE department_row AS r SET psn_no = new_no
    WHERE file_id = ${fileId} AND ${lines} AND state = 'new' AND psn_no IS NULL`.execute(db);
  const rows = sql`(SELECT r.*, f.holds FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id
    WHERE r.file_id = ${fileId} AND ${lines} AND r.psn_no IS NOT NULL AND r.state IN ('linked', 'new', 'decided'))`;
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
    SELECT psn_no, '390', (facts ->> 'year')::integer, (facts ->> 'continuous_years')::integer,
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

async function countsOf(db: StoreTransaction, fileId: number): Promise<Omit<Landing, 'fileId' | 'wasKnown'>> {
  const { rows } = await sql<Omit<Landing, 'fileId' | 'wasKnown'>>`SELECT count(*) AS rows,
      count(*) FILTER (WHERE state IN ('linked', 'decided')) AS linked,
      count(DISTINCT psn_no) FILTER (WHERE state = 'new') AS "newPersons",
      count(*) FILTER (WHERE state = 'review') AS "toReview",
      count(*) FILTER (WHERE state IN ('unusable', 'refused')) AS unusable
    FROM department_row WHERE file_id = ${fileId}`.execute(db);
  return rows[0]!;
}
