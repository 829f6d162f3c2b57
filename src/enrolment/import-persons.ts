import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { parseYuan } from '#kernel/money.ts';
import { birthOfNumber, isDay, isIdentityNumber, sexOfNumber } from './certificates.ts';
import { enrolmentErrors } from './errors.ts';
import { newNumber } from './numbers.ts';

const NEEDED = ['name', 'certno', 'insutype', 'psn_type', 'begndate', 'insuplc_admdvs'] as const;
const OPTIONAL = [
  'psn_no',
  'psn_cert_type',
  'gend',
  'naty',
  'brdy',
  'enddate',
  'psn_insu_stas',
  'waiting_until',
  'emp_name',
  'cvlserv_flag',
  'continuous_years',
  'identities',
  'account_balance',
  'family_owner',
] as const;
type Column = (typeof NEEDED)[number] | (typeof OPTIONAL)[number];
const COLUMNS: readonly string[] = [...NEEDED, ...OPTIONAL];

/** One row: a person and one span of one scheme; a person in two schemes has two rows. */
export type PersonRow = {
  readonly line: number;
  readonly psn_no: string;
  readonly name: string;
  readonly psn_cert_type: string;
  readonly certno: string;
  readonly gend: string;
  readonly naty: string;
  readonly brdy: string | null;
  readonly insutype: string;
  readonly psn_type: string;
  readonly psn_insu_stas: string;
  readonly begndate: string;
  readonly enddate: string | null;
  readonly waiting_until: string | null;
  readonly insuplc_admdvs: string;
  readonly emp_name: string;
  readonly cvlserv_flag: string;
  readonly continuous_years: number | null;
  readonly identities: readonly {
    readonly type: string;
    readonly from: string;
    readonly to: string | null;
  }[];
  readonly balance_fen: number | null;
  /** certificate number of the person whose account may pay for this one */
  readonly family_owner: string;
};

const day: Text = { zh: 'YYYY-MM-DD 的日期', en: 'a date YYYY-MM-DD' };

/** Reads a persons CSV. @throws YibaoError with every cell that is wrong */
export function readPersonRows(text: string, file: string): PersonRow[] {
  const problems: Problem[] = [];
  const report = (row: number | undefined, field: string, value: string | undefined, expected: Text) =>
    problems.push({
      definition: enrolmentErrors.wrongCell,
      file,
      row,
      field,
      value,
      parameters: { expectedZh: expected.zh, expectedEn: expected.en },
    });
  let records: { readonly record: Record<string, string>; readonly info: { readonly lines: number } }[] = [];
  try {
    records = parse(text, { columns: true, bom: true, trim: true, info: true, skip_empty_lines: true });
  } catch (error) {
    const reason = (error as Error).message;
    report(undefined, '', undefined, { zh: `正确的 CSV（${reason}）`, en: `correct CSV (${reason})` });
  }
  const header = Object.keys(records[0]?.record ?? {});
  if (records.length > 0) {
    for (const field of header.filter((name) => !COLUMNS.includes(name))) {
      report(1, field, undefined, {
        zh: `列名 ${COLUMNS.join('、')} 之一`,
        en: `one of the columns ${COLUMNS.join(', ')}`,
      });
    }
    for (const field of NEEDED.filter((name) => !header.includes(name))) {
      report(1, field, undefined, { zh: '有这一列', en: 'a column of the file' });
    }
  } else if (problems.length === 0) {
    report(undefined, '', undefined, { zh: '至少一行参保人', en: 'a file with at least one person' });
  }
  if (problems.length > 0) throw new YibaoError(problems);
  const rows = records.map(({ record, info }) => readRow(record, info.lines, report));
  reportOverlaps(rows, report);
  if (problems.length > 0) throw new YibaoError(problems);
  return rows;
}

type Report = (row: number | undefined, field: string, value: string | undefined, expected: Text) => void;

function readRow(record: Readonly<Record<string, string>>, line: number, report: Report): PersonRow {
  const said = (column: Column): string => record[column] ?? '';
  const matching = (column: Column, pattern: RegExp, expected: Text, fallback = ''): string => {
    const text = said(column) === '' ? fallback : said(column);
    if (!pattern.test(text)) report(line, column, text, expected);
    return text;
  };
  const dayOf = (column: Column, text = said(column)): string | null => {
    if (text === '') return null;
    if (!isDay(text)) report(line, column, text, day);
    return text;
  };
  const psn_cert_type = matching(
    'psn_cert_type',
    /^\d{2,3}$/,
    { zh: '证件类型代码', en: 'a certificate type' },
    '01',
  );
  const certno = matching('certno', /^\S{1,50}$/, {
    zh: '证件号码',
    en: 'a certificate number',
  }).toUpperCase();
  if (psn_cert_type === '01' && certno.length > 0 && !isIdentityNumber(certno)) {
    report(line, 'certno', certno, {
      zh: '校验位正确的 18 位居民身份证号',
      en: 'a resident identity number of 18 characters with the right check digit',
    });
  }
  const ofCertificate = psn_cert_type === '01' && isIdentityNumber(certno);
  const brdyOfNumber = ofCertificate ? birthOfNumber(certno) : '';
  const gendOfNumber = ofCertificate ? sexOfNumber(certno) : '9';
  const begndate = dayOf('begndate') ?? '';
  if (begndate === '') report(line, 'begndate', '', day);
  const enddate = dayOf('enddate');
  if (enddate !== null && begndate !== '' && enddate < begndate) {
    report(line, 'enddate', enddate, { zh: '不早于 begndate', en: 'no earlier than begndate' });
  }
  const balance = said('account_balance');
  const fen = balance === '' ? null : parseYuan(balance);
  if (fen === undefined || (fen !== null && fen < 0n)) {
    report(line, 'account_balance', balance, {
      zh: '不为负的元，最多两位小数',
      en: 'yuan, not negative, at most two decimals',
    });
  }
  const years = matching('continuous_years', /^\d{0,2}$/, { zh: '年数', en: 'a number of years' });
  return {
    line,
    psn_no: matching('psn_no', /^[0-9A-Za-z]{0,30}$/, {
      zh: '最长 30 位的人员编号',
      en: 'a number of at most 30 characters',
    }),
    name: matching('name', /\S/, { zh: '姓名', en: 'a name' }).normalize('NFKC'),
    psn_cert_type,
    certno,
    gend: matching('gend', /^[0129]$/, { zh: '0、1、2 或 9', en: '0, 1, 2 or 9' }, gendOfNumber),
    naty: matching('naty', /^\d{0,3}$/, { zh: '民族代码', en: 'a code of ethnicity' }),
    brdy: dayOf('brdy', said('brdy') || brdyOfNumber),
    insutype: matching('insutype', /^\d{3,6}$/, { zh: '险种代码', en: 'a code of insurance (insutype)' }),
    psn_type: matching('psn_type', /^\d{2,6}$/, { zh: '人员类别代码', en: 'a class of person (psn_type)' }),
    psn_insu_stas: matching('psn_insu_stas', /^[01234]$/, { zh: '0 至 4', en: '0 to 4' }, '1'),
    begndate,
    enddate,
    waiting_until: dayOf('waiting_until'),
    insuplc_admdvs: matching('insuplc_admdvs', /^\d{6}$/, {
      zh: '6 位区划代码',
      en: 'an area code of 6 digits',
    }),
    emp_name: said('emp_name'),
    cvlserv_flag: matching('cvlserv_flag', /^[01]$/, { zh: '0 或 1', en: '0 or 1' }, '0'),
    continuous_years: years === '' ? null : Number(years),
    identities: identitiesOf(said('identities'), line, report),
    balance_fen: fen === undefined || fen === null ? null : Number(fen),
    family_owner: said('family_owner').toUpperCase(),
  };
}

/** `2303:2025-01-01/2025-12-31;2308:2024-03-01` */
function identitiesOf(text: string, line: number, report: Report): PersonRow['identities'] {
  if (text === '') return [];
  return text.split(/[;；]/).flatMap((part) => {
    const [, type, from, to] = /^(\d{2,6}):([\d-]{10})(?:\/([\d-]{10}))?$/.exec(part.trim()) ?? [];
    if (type === undefined || !isDay(from!) || (to !== undefined && (!isDay(to) || to < from!))) {
      report(line, 'identities', part, {
        zh: '“类别:起/止”，多个用分号隔开，如 2303:2025-01-01/2025-12-31',
        en: '"type:from/to", several divided by semicolons, such as 2303:2025-01-01/2025-12-31',
      });
      return [];
    }
    return [{ type, from: from!, to: to ?? null }];
  });
}

function reportOverlaps(rows: readonly PersonRow[], report: Report): void {
  const byPerson = Map.groupBy(rows, (row) => `${row.psn_cert_type} ${row.certno} ${row.insutype}`);
  for (const same of byPerson.values()) {
    const sorted = same.toSorted((a, b) => (a.begndate < b.begndate ? -1 : 1));
    for (const [index, row] of sorted.entries()) {
      const before = sorted[index - 1];
      if (before === undefined || (before.enddate !== null && before.enddate < row.begndate)) continue;
      report(row.line, 'begndate', row.begndate, {
        zh: `与第 ${before.line} 行的参保期不重叠`,
        en: `a span that does not overlap that of line ${before.line}`,
      });
    }
  }
}

export type ImportOutcome = {
  readonly rows: number;
  readonly newPersons: number;
  readonly linked: number;
  /** rows that a person has to decide about; nothing of them was written into a file of a person */
  readonly toReview: number;
};

const ROWS_AT_ONCE = 5_000;

/**
 * Writes the rows. A certificate that is known links exactly, when the name agrees; another name under a known certificate, or a
 * new certificate of somebody with the name and birth date of a known person, goes to the review queue. All or nothing; the same
 * file again changes nothing. Accounts are opened with the balance of the file once.
 */
export async function importPersons(
  store: Store,
  rows: readonly PersonRow[],
  source: string,
  now: Temporal.Instant,
): Promise<ImportOutcome> {
  return transaction(store, async (db) => {
    await takeIn(db, rows, now);
    await link(db);
    const { rows: counts } = await sql<{ new_persons: number; to_review: number }>`SELECT
        count(DISTINCT psn_no) FILTER (WHERE psn_no = new_no
          AND NOT EXISTS (SELECT 1 FROM person AS p WHERE p.psn_no = person_import.psn_no)) AS new_persons,
        count(*) FILTER (WHERE reason IS NOT NULL) AS to_review
      FROM person_import`.execute(db);
    await refuseOverlaps(db, source);
    await write(db, source, now);
    const { new_persons, to_review } = counts[0]!;
    return {
      rows: rows.length,
      newPersons: new_persons,
      toReview: to_review,
      linked: rows.length - to_review,
    };
  });
}

/** The rows as a temporary table, each with the number it gets where it is a new person. */
async function takeIn(
  db: StoreTransaction,
  rows: readonly PersonRow[],
  now: Temporal.Instant,
): Promise<void> {
  await sql`CREATE TEMPORARY TABLE person_import (row jsonb, line integer, psn_no text, new_no text, name text,
    psn_cert_type text, certno text, brdy date, reason text, candidates jsonb) ON COMMIT DROP`.execute(db);
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const some = rows
      .slice(start, start + ROWS_AT_ONCE)
      .map((row) => ({ ...row, new_no: row.psn_no || newNumber(now) }));
    await sql`INSERT INTO person_import (row, line, new_no, name, psn_cert_type, certno, brdy)
      SELECT row, (row ->> 'line')::integer, row ->> 'new_no', row ->> 'name', row ->> 'psn_cert_type',
        row ->> 'certno', (row ->> 'brdy')::date
      FROM jsonb_array_elements(${JSON.stringify(some)}::jsonb) AS row`.execute(db);
  }
}

/**
 * Writes one row that waited, into the file a person decided about.
 * @throws YibaoError where its span overlaps one on file
 */
export async function writeDecidedRow(
  db: StoreTransaction,
  row: PersonRow,
  psnNo: string,
  source: string,
  now: Temporal.Instant,
): Promise<void> {
  await takeIn(db, [row], now);
  await sql`UPDATE person_import SET psn_no = ${psnNo}`.execute(db);
  await refuseOverlaps(db, source);
  await write(db, source, now);
  await sql`DROP TABLE person_import`.execute(db);
}

async function link(db: StoreTransaction): Promise<void> {
  // exactly, by the certificate
  await sql`UPDATE person_import AS i SET psn_no = p.psn_no,
      reason = CASE WHEN p.name <> i.name THEN 'name-differs' END,
      candidates = jsonb_build_array(p.psn_no)
    FROM person_certificate AS c JOIN person AS p ON p.psn_no = c.psn_no
    WHERE c.psn_cert_type = i.psn_cert_type AND c.certno = i.certno`.execute(db);
  // a new certificate, but somebody has the name and the birth date
  await sql`UPDATE person_import AS i SET reason = 'same-name-and-birth', candidates = found.candidates
    FROM (SELECT i.line, jsonb_agg(p.psn_no ORDER BY p.psn_no) AS candidates
      FROM person_import AS i JOIN person AS p ON p.name = i.name AND p.brdy = i.brdy AND p.merged_into IS NULL
      WHERE i.psn_no IS NULL GROUP BY i.line) AS found
    WHERE found.line = i.line`.execute(db);
  // a number that belongs to another certificate
  await sql`UPDATE person_import AS i SET reason = 'number-taken', candidates = jsonb_build_array(p.psn_no)
    FROM person AS p WHERE i.psn_no IS NULL AND i.reason IS NULL AND p.psn_no = i.new_no`.execute(db);
  // rows of one certificate within the file are one person when they say one name
  await sql`UPDATE person_import AS i SET
      psn_no = CASE WHEN first.names = 1 THEN first.new_no END,
      reason = CASE WHEN first.names > 1 THEN 'name-differs' END,
      candidates = CASE WHEN first.names > 1 THEN '[]'::jsonb END
    FROM (SELECT psn_cert_type, certno, (array_agg(new_no ORDER BY line))[1] AS new_no, count(DISTINCT name) AS names
      FROM person_import WHERE psn_no IS NULL AND reason IS NULL GROUP BY psn_cert_type, certno) AS first
    WHERE i.psn_no IS NULL AND i.reason IS NULL
      AND first.psn_cert_type = i.psn_cert_type AND first.certno = i.certno`.execute(db);
  // one number for two certificates
  await sql`UPDATE person_import SET reason = 'number-taken', candidates = '[]' WHERE reason IS NULL AND psn_no IN (
    SELECT psn_no FROM person_import WHERE reason IS NULL GROUP BY psn_no
    HAVING count(DISTINCT psn_cert_type || ' ' || certno) > 1)
    AND NOT EXISTS (SELECT 1 FROM person AS p WHERE p.psn_no = person_import.psn_no)`.execute(db);
}

/** @throws YibaoError with every row whose span overlaps one the person has and the file does not change */
async function refuseOverlaps(db: StoreTransaction, source: string): Promise<void> {
  const { rows } = await sql<{
    line: number;
    begndate: string;
    from: string;
    to: string | null;
  }>`WITH span AS (SELECT psn_no, line, row ->> 'insutype' AS insutype, (row ->> 'begndate')::date AS begndate,
        (row ->> 'enddate')::date AS enddate FROM person_import WHERE reason IS NULL)
    SELECT span.line, span.begndate, e.begndate AS from, e.enddate AS to
    FROM span JOIN enrolment AS e ON e.psn_no = span.psn_no AND e.insutype = span.insutype
      AND daterange(e.begndate, e.enddate, '[]') && daterange(span.begndate, span.enddate, '[]')
    WHERE NOT EXISTS (SELECT 1 FROM span AS same
      WHERE same.psn_no = e.psn_no AND same.insutype = e.insutype AND same.begndate = e.begndate)
    ORDER BY span.line, e.begndate`.execute(db);
  if (rows.length === 0) return;
  throw new YibaoError(
    rows.map(({ line, begndate, from, to }) => ({
      definition: enrolmentErrors.wrongCell,
      file: source,
      row: line,
      field: 'begndate',
      value: begndate,
      parameters: {
        expectedZh: `与档案中 ${from} 至 ${to ?? '今'} 的参保期不重叠；要改动那一段，以同一 begndate 写出`,
        expectedEn: `a span that does not overlap the one from ${from} to ${to ?? 'now'} on file; to change that one, write it with its begndate`,
      },
    })),
  );
}

async function write(db: StoreTransaction, source: string, now: Temporal.Instant): Promise<void> {
  const at = now.toString();
  await sql`INSERT INTO person_review (source, line, reason, candidates, row, made_at)
    SELECT ${source}, line, reason, candidates, row, ${at} FROM person_import WHERE reason IS NOT NULL
    ON CONFLICT (source, line) DO NOTHING`.execute(db);
  await sql`INSERT INTO person (psn_no, name, gend, naty, brdy, made_at)
    SELECT DISTINCT ON (psn_no) psn_no, name, row ->> 'gend', row ->> 'naty', brdy, ${at}::timestamptz
    FROM person_import WHERE reason IS NULL ORDER BY psn_no, line ON CONFLICT DO NOTHING`.execute(db);
  await sql`INSERT INTO person_certificate (psn_cert_type, certno, psn_no)
    SELECT DISTINCT psn_cert_type, certno, psn_no FROM person_import WHERE reason IS NULL ON CONFLICT DO NOTHING`.execute(
    db,
  );
  // a span that is known gets its new end and state; a wait that was worked out here stays where the file says none
  await sql`UPDATE enrolment AS e SET psn_type = i.row ->> 'psn_type', psn_insu_stas = i.row ->> 'psn_insu_stas',
      enddate = (i.row ->> 'enddate')::date,
      waiting_until = coalesce((i.row ->> 'waiting_until')::date, CASE WHEN waiting_reason <> '' THEN waiting_until END),
      waiting_reason = CASE WHEN (i.row ->> 'waiting_until')::date <> waiting_until THEN '' ELSE waiting_reason END,
      insuplc_admdvs = i.row ->> 'insuplc_admdvs', emp_name = i.row ->> 'emp_name',
      cvlserv_flag = i.row ->> 'cvlserv_flag', continuous_years = (i.row ->> 'continuous_years')::integer
    FROM person_import AS i WHERE i.reason IS NULL AND e.psn_no = i.psn_no AND e.insutype = i.row ->> 'insutype'
      AND e.begndate = (i.row ->> 'begndate')::date`.execute(db);
  await sql`INSERT INTO enrolment (psn_no, insutype, psn_type, psn_insu_stas, begndate, enddate, waiting_until,
      insuplc_admdvs, emp_name, cvlserv_flag, continuous_years)
    SELECT psn_no, row ->> 'insutype', row ->> 'psn_type', row ->> 'psn_insu_stas', (row ->> 'begndate')::date,
      (row ->> 'enddate')::date, (row ->> 'waiting_until')::date, row ->> 'insuplc_admdvs', row ->> 'emp_name',
      row ->> 'cvlserv_flag', (row ->> 'continuous_years')::integer
    FROM person_import AS i WHERE reason IS NULL AND NOT EXISTS (SELECT 1 FROM enrolment AS e
      WHERE e.psn_no = i.psn_no AND e.insutype = i.row ->> 'insutype' AND e.begndate = (i.row ->> 'begndate')::date)
    ORDER BY line`.execute(db);
  await sql`INSERT INTO person_identity (psn_no, psn_idet_type, begndate, enddate)
    SELECT DISTINCT ON (i.psn_no, each ->> 'type', each ->> 'from')
      i.psn_no, each ->> 'type', (each ->> 'from')::date, (each ->> 'to')::date
    FROM person_import AS i CROSS JOIN jsonb_array_elements(i.row -> 'identities') AS each WHERE i.reason IS NULL
    ORDER BY i.psn_no, each ->> 'type', each ->> 'from', i.line DESC
    ON CONFLICT (psn_no, psn_idet_type, begndate) DO UPDATE SET enddate = EXCLUDED.enddate`.execute(db);
  await sql`WITH opened AS (
      INSERT INTO personal_account (psn_no, balance_fen)
      SELECT DISTINCT ON (psn_no) psn_no, (row ->> 'balance_fen')::bigint FROM person_import
      WHERE reason IS NULL AND row ->> 'balance_fen' IS NOT NULL ORDER BY psn_no, line
      ON CONFLICT DO NOTHING RETURNING psn_no, balance_fen)
    INSERT INTO account_movement (psn_no, change_fen, memo, at)
    SELECT psn_no, balance_fen, 'opening', ${at}::timestamptz FROM opened ORDER BY psn_no`.execute(db);
  // two who shared before do not begin again with a file that is imported again
  await sql`INSERT INTO account_sharing (owner_psn_no, user_psn_no, begndate)
    SELECT c.psn_no, i.psn_no, min((i.row ->> 'begndate')::date)
    FROM person_import AS i JOIN person_certificate AS c ON c.psn_cert_type = '01' AND c.certno = i.row ->> 'family_owner'
    WHERE i.reason IS NULL AND c.psn_no <> i.psn_no AND NOT EXISTS (SELECT 1 FROM account_sharing AS s
      WHERE s.owner_psn_no = c.psn_no AND s.user_psn_no = i.psn_no)
    GROUP BY c.psn_no, i.psn_no ORDER BY c.psn_no, i.psn_no`.execute(db);
}

/** The name under which rows of a file stand in the review queue: its name and its content. */
export const sourceName = (file: string, text: string): string =>
  `${file} ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
