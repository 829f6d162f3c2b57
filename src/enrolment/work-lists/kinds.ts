import type { Text } from '#kernel/locale.ts';
import { BASIC_TEXT, EMPLOYEES, RESIDENTS } from '../schemes.ts';

/** A list of people to call on: what it finds on a day, `$day` in its query. */
export type WorkListKind = {
  readonly title: Text;
  /** why the person stands in it, by the word in `reason` */
  readonly reasons: Readonly<Record<string, Text>>;
  /** psn_no (the number that goes on), key, county, organisation, reason, detail; one row for each (psn_no, key) */
  readonly query: string;
};

/** Spans that hold on the day, under the number that goes on, of the basic schemes. */
const HELD = `held AS (
  SELECT coalesce(p.merged_into, p.psn_no) AS psn_no, e.enrolment_id, e.insutype, e.insuplc_admdvs, e.begndate, e.enddate,
    e.emp_name
  FROM enrolment AS e JOIN person AS p ON p.psn_no = e.psn_no
  WHERE e.psn_insu_stas = '1' AND e.insutype IN ${BASIC_TEXT} AND e.begndate <= $day::date
    AND (e.enddate IS NULL OR e.enddate >= $day::date))`;
const ELSEWHERE = `elsewhere AS (
  SELECT coalesce(p.merged_into, p.psn_no) AS psn_no, e.insutype, e.insuplc_admdvs, e.begndate
  FROM enrolment_elsewhere AS e JOIN person AS p ON p.psn_no = e.psn_no
  WHERE e.insutype IN ${BASIC_TEXT} AND e.begndate <= $day::date AND (e.enddate IS NULL OR e.enddate >= $day::date))`;

export const WORK_LIST_KINDS = {
  'not-enrolled': {
    title: { zh: '应保未保', en: 'should be enrolled and is not' },
    reasons: {
      'without-insurance': { zh: '在部门名单中，未参保', en: 'in a department’s file, without insurance' },
      'without-employee-insurance': {
        zh: '有用人单位，未参加职工医保',
        en: 'has an employer, without employees’ insurance',
      },
    },
    query: `WITH ${HELD}, ${ELSEWHERE}, named AS (
        SELECT coalesce(p.merged_into, p.psn_no) AS psn_no, f.department, f.expects, f.landed_at, r.file_id, r.line, r.county,
          coalesce(r.facts ->> 'organisation', '') AS organisation, coalesce(r.facts ->> 'situation', 'resident') AS situation
        FROM department_row AS r JOIN department_file AS f ON f.file_id = r.file_id
        JOIN person AS p ON p.psn_no = r.psn_no
        WHERE f.expects <> '{}' AND (f.landed_at AT TIME ZONE 'UTC')::date <= $day::date),
      latest AS (
        SELECT DISTINCT ON (psn_no) psn_no, county, organisation, situation FROM named
        ORDER BY psn_no, file_id DESC, line DESC),
      lacking AS (
        SELECT psn_no, bool_or(expects = ARRAY['${EMPLOYEES}']) AS is_employed, string_agg(DISTINCT department, ' ') AS departments
        FROM named AS n
        WHERE NOT EXISTS (SELECT 1 FROM held AS h WHERE h.psn_no = n.psn_no AND h.insutype = ANY(n.expects))
          AND NOT EXISTS (SELECT 1 FROM elsewhere AS e WHERE e.psn_no = n.psn_no AND e.insutype = ANY(n.expects))
        GROUP BY psn_no)
      SELECT l.psn_no, '' AS key, t.county, t.organisation,
        CASE WHEN is_employed THEN 'without-employee-insurance' ELSE 'without-insurance' END AS reason,
        departments || coalesce(' · ' || (SELECT max(e.enddate)::text FROM enrolment AS e JOIN person AS q ON q.psn_no = e.psn_no
          WHERE coalesce(q.merged_into, q.psn_no) = l.psn_no AND e.insutype IN ${BASIC_TEXT}
            AND e.enddate < $day::date), '') AS detail
      FROM lacking AS l JOIN latest AS t ON t.psn_no = l.psn_no JOIN person AS p ON p.psn_no = l.psn_no
      WHERE t.situation = 'resident' AND (p.death_date IS NULL OR p.death_date > $day::date)`,
  },
  'same-scheme-twice': {
    title: { zh: '同一险种重复参保', en: 'twice in one scheme' },
    reasons: {
      'two-areas': { zh: '在两个参保地', en: 'in two areas' },
      'one-area': { zh: '在同一参保地（两个编号）', en: 'in one area (under two numbers)' },
    },
    query: `WITH ${HELD}
      SELECT a.psn_no, a.insutype || ' ' || least(a.enrolment_id, b.enrolment_id) || ' '
          || greatest(a.enrolment_id, b.enrolment_id) AS key,
        b.insuplc_admdvs AS county, b.emp_name AS organisation,
        CASE WHEN a.insuplc_admdvs = b.insuplc_admdvs THEN 'one-area' ELSE 'two-areas' END AS reason,
        a.insutype || ' ' || a.insuplc_admdvs || ' ' || a.begndate || ' · ' || b.insuplc_admdvs || ' ' || b.begndate AS detail
      FROM held AS a JOIN held AS b ON b.psn_no = a.psn_no AND b.insutype = a.insutype
        AND (b.begndate, b.enrolment_id) > (a.begndate, a.enrolment_id)`,
  },
  'employee-and-resident': {
    title: { zh: '职工与居民重复参保', en: 'in both schemes' },
    reasons: {
      'keep-employee': {
        zh: '保留职工医保，居民医保自职工参保当月起停止',
        en: 'the employees’ scheme stays; the residents’ ends from its first month on',
      },
    },
    query: `WITH ${HELD}
      SELECT DISTINCT ON (r.enrolment_id) r.psn_no, '390 ' || r.enrolment_id AS key, r.insuplc_admdvs AS county,
        e.emp_name AS organisation, 'keep-employee' AS reason,
        '310 ' || e.insuplc_admdvs || ' ' || e.begndate || ' · 390 ' || r.insuplc_admdvs || ' ' || r.begndate AS detail
      FROM held AS r JOIN held AS e ON e.psn_no = r.psn_no AND e.insutype = '${EMPLOYEES}' WHERE r.insutype = '${RESIDENTS}'
      ORDER BY r.enrolment_id, e.begndate`,
  },
  'enrolled-elsewhere': {
    title: { zh: '跨统筹地区重复参保', en: 'here and in another area' },
    reasons: { 'two-areas': { zh: '本地与异地同时在保', en: 'insured here and elsewhere' } },
    query: `WITH ${HELD}, ${ELSEWHERE}
      SELECT h.psn_no, h.enrolment_id || ' ' || e.insutype || ' ' || e.insuplc_admdvs || ' ' || e.begndate AS key,
        h.insuplc_admdvs AS county, h.emp_name AS organisation, 'two-areas' AS reason,
        h.insutype || ' ' || h.insuplc_admdvs || ' ' || h.begndate || ' · ' || e.insutype || ' ' || e.insuplc_admdvs || ' '
          || e.begndate AS detail
      FROM held AS h JOIN elsewhere AS e ON e.psn_no = h.psn_no AND e.insuplc_admdvs <> h.insuplc_admdvs`,
  },
  'dead-but-enrolled': {
    title: { zh: '已死亡仍在保', en: 'dead and still enrolled' },
    reasons: { dead: { zh: '部门登记死亡', en: 'registered as dead' } },
    query: `WITH ${HELD}
      SELECT h.psn_no, h.enrolment_id::text AS key, h.insuplc_admdvs AS county, h.emp_name AS organisation, 'dead' AS reason,
        p.death_date || ' · ' || h.insutype || ' ' || h.insuplc_admdvs || ' ' || h.begndate AS detail
      FROM held AS h JOIN person AS p ON p.psn_no = h.psn_no WHERE p.death_date < $day::date`,
  },
  'two-files': {
    title: { zh: '一人两档', en: 'two files of one person' },
    reasons: {
      'old-certificate': { zh: '15 位与 18 位证件号码对应', en: 'old and new number of one certificate' },
      'same-phone': { zh: '姓名、出生日期、电话相同', en: 'same name, birth and phone' },
    },
    query: `SELECT DISTINCT ON (p.psn_no, q.psn_no) p.psn_no, q.psn_no AS key,
        coalesce((SELECT e.insuplc_admdvs FROM enrolment AS e WHERE e.psn_no = p.psn_no ORDER BY e.begndate DESC LIMIT 1), '')
          AS county, '' AS organisation, told.reason, q.psn_no AS detail
      FROM person AS p JOIN person AS q ON plain_name(q.name) = plain_name(p.name) AND q.brdy = p.brdy
        AND q.psn_no < p.psn_no AND q.merged_into IS NULL
      CROSS JOIN LATERAL (
        SELECT 'old-certificate' AS reason FROM person_certificate AS a JOIN person_certificate AS b
          ON length(a.certno) = 15 AND length(b.certno) = 18 AND left(b.certno, 6) || substr(b.certno, 9, 9) = a.certno
        WHERE (a.psn_no, b.psn_no) IN ((p.psn_no, q.psn_no), (q.psn_no, p.psn_no))
        UNION ALL
        SELECT 'same-phone' FROM person_contact AS a JOIN person_contact AS b ON b.kind = 'tel' AND b.value = a.value
        WHERE a.kind = 'tel' AND a.psn_no = p.psn_no AND b.psn_no = q.psn_no) AS told
      WHERE p.merged_into IS NULL AND $day::date IS NOT NULL ORDER BY p.psn_no, q.psn_no, told.reason`,
  },
} as const satisfies Readonly<Record<string, WorkListKind>>;

export type WorkListName = keyof typeof WORK_LIST_KINDS;
export const WORK_LIST_NAMES = Object.keys(WORK_LIST_KINDS) as readonly WorkListName[];
