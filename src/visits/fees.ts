import { type RawBuilder, sql } from 'kysely';
import {
  cellOf,
  type FeeLine,
  fenOfPrice,
  type LineSplit,
  splitAtUpload,
  type Visit,
} from '#benefits/index.ts';
import { key, readEach } from '#engine/postgres/readings.ts';
import { type Call, type Handler, refuse, type Transactions } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { lockedPerson } from './persons.ts';
import { dayOf, decimal, type Fields, fenOf, ratio4, rowsOf, scaled, text, timeOf, yuan } from './values.ts';
import { visitOnDay } from './visit-on-day.ts';
import { aboutVisit, type VisitRow, visitOf } from './visits.ts';

/** A stored line, as far as settlements need it. */
export type StoredLine = {
  readonly feedetl_sn: string;
  readonly amount_fen: number;
  readonly own_fen: number;
  readonly over_limit_fen: number;
  readonly prior_fen: number;
  readonly in_scope_fen: number;
  readonly direct_ratio6: number | null;
  readonly reason: LineSplit['reason'];
  readonly day: string;
};

/** Of the lines of a visit: those that are in no settlement, or only in ones that were undone. */
export const isOpen = (mdtrtId: string | RawBuilder<string>) =>
  sql`feedetl_sn NOT IN (SELECT d.feedetl_sn FROM settled_line AS d WHERE d.mdtrt_id = ${mdtrtId})`;

/** The lines of a visit that are in no settlement; '' for all batches. */
export const openLines = (mdtrtId: string | RawBuilder<string>, batch: string | RawBuilder<string>) =>
  sql<StoredLine>`SELECT feedetl_sn, amount_fen, own_fen, over_limit_fen, prior_fen, in_scope_fen,
      direct_ratio6, reason, to_char(fee_ocur_time, 'YYYY-MM-DD') AS day
    FROM fee_line WHERE mdtrt_id = ${mdtrtId} AND ${isOpen(mdtrtId)} AND (${batch} = '' OR chrg_bchno = ${batch})
    ORDER BY fee_ocur_time, feedetl_sn`;

/** The same for all who ask, by the keys `mdtrt_id` and `chrg_bchno`. */
export const openLinesOfAll = readEach(
  ['mdtrt_id', 'chrg_bchno'],
  openLines(key('mdtrt_id'), key('chrg_bchno')),
);

export const splitOf = (line: StoredLine): LineSplit => ({
  amountFen: line.amount_fen,
  ownFen: line.own_fen,
  overLimitFen: line.over_limit_fen,
  priorFen: line.prior_fen,
  inScopeFen: line.in_scope_fen,
  directRatio: line.direct_ratio6 ?? undefined,
  reason: line.reason,
});

const APPROVALS: Readonly<Record<string, 0 | 1 | 2>> = { '0': 0, '1': 1, '2': 2 };
const CLASS_CODES = { A: '01', B: '02', C: '03' } as const;

type SplitContext = {
  readonly areaCode: string;
  readonly visit: Visit;
  readonly person: Parameters<typeof splitAtUpload>[1]['person'];
};

/** Splits lines with the lists of their day, keeps them, and answers with the split of each. */
export async function keepLines(
  { db, now }: Pick<Call, 'db' | 'now'>,
  source: BenefitSource,
  visit: VisitRow,
  context: SplitContext,
  lines: readonly Fields[],
  at: string,
): Promise<Record<string, unknown>[]> {
  const { answers, made } = newLines(now, source, visit, context, lines, at);
  const { rows: kept } = await writeLines([made]).execute(db);
  const known = new Set(kept.map(({ feedetl_sn }) => feedetl_sn));
  const again = lines.findIndex((line) => !known.has(text(line, 'feedetl_sn')));
  if (again >= 0) throw uploadedBefore(lines[again]!, `${at}[${again + 1}]`);
  return answers;
}

const uploadedBefore = (line: Fields, node: string) =>
  refuse('该流水号的明细已上传', 'a line of this number was uploaded already', {
    node,
    field: 'feedetl_sn',
    name: '费用明细流水号',
    value: text(line, 'feedetl_sn'),
  });

/**
 * Splits lines with the lists of their day: what is answered of each, the lines as settlements read them (`openLines`), and what
 * `writeLines` keeps.
 * @throws Refusal where count × price is another amount, or two lines have one number
 */
export function newLines(
  now: Temporal.Instant,
  source: BenefitSource,
  visit: VisitRow,
  context: SplitContext,
  lines: readonly Fields[],
  at: string,
) {
  const policy = source.policyOf(context.areaCode, context.visit.date);
  const catalogue = source.catalogueOf(context.areaCode);
  const tolerance = cellOf(policy, 'lines.amount_tolerance', {}).number;
  const rows: LineRow[] = [];
  const answers: Record<string, unknown>[] = [];
  const numbers = new Set<string>();
  for (const [index, given] of lines.entries()) {
    const place = `${at}[${index + 1}]`;
    if (numbers.has(text(given, 'feedetl_sn'))) throw uploadedBefore(given, place);
    numbers.add(text(given, 'feedetl_sn'));
    const amountFen = fenOf(given, 'det_item_fee_sumamt', place);
    const [cnt4, pric6] = [scaled(given, 'cnt', 4, place), scaled(given, 'pric', 6, place)];
    const product = fenOfPrice(Math.abs(cnt4), Math.abs(pric6));
    if (Math.abs(Math.abs(amountFen) - product) > tolerance) {
      throw refuse(`数量×单价为${yuan(product)}`, `count × price is ${yuan(product)}`, {
        node: place,
        field: 'det_item_fee_sumamt',
        name: '明细项目费用总额',
        value: yuan(amountFen),
      });
    }
    const line: FeeLine = {
      code: text(given, 'med_list_codg'),
      date: dayOf(given, 'fee_ocur_time'),
      amountFen,
      count4: cnt4 === 0 ? undefined : Math.abs(cnt4),
      price6: cnt4 === 0 ? undefined : Math.abs(pric6),
      approval: APPROVALS[text(given, 'hosp_appr_flag')],
    };
    const uploaded = splitAtUpload(line, { policy, catalogue, person: context.person, visit: context.visit });
    const { split } = uploaded;
    rows.push({
      feedetl_sn: text(given, 'feedetl_sn'),
      chrg_bchno: text(given, 'chrg_bchno'),
      fee_ocur_time: timeOf(given, 'fee_ocur_time'),
      med_list_codg: line.code,
      medins_list_codg: text(given, 'medins_list_codg'),
      cnt4,
      pric6,
      amount_fen: split.amountFen,
      own_fen: split.ownFen,
      over_limit_fen: split.overLimitFen,
      prior_fen: split.priorFen,
      in_scope_fen: split.inScopeFen,
      list_class: uploaded.listClass,
      is_restricted: uploaded.restricted,
      ceiling6: uploaded.ceiling6 ?? null,
      prior_ratio6: uploaded.priorRatio,
      direct_ratio6: split.directRatio ?? null,
      reason: split.reason,
      body: given,
    });
    answers.push({
      feedetl_sn: text(given, 'feedetl_sn'),
      det_item_fee_sumamt: yuan(amountFen),
      cnt: decimal(cnt4, 4),
      pric: decimal(pric6, 6),
      pric_uplmt_amt: decimal(uploaded.ceiling6 ?? 0, 6),
      selfpay_prop: ratio4(uploaded.priorRatio),
      fulamt_ownpay_amt: yuan(split.ownFen),
      overlmt_amt: yuan(split.overLimitFen),
      preselfpay_amt: yuan(split.priorFen),
      inscp_scp_amt: yuan(split.inScopeFen),
      chrgitm_lv: CLASS_CODES[uploaded.listClass],
      med_chrgitm_type: text(given, 'med_chrgitm_type') || '14',
      lmt_used_flag: uploaded.restricted ? '1' : '0',
      drt_reim_flag: split.directRatio === undefined ? '0' : '1',
      memo: '',
      exp_content: '',
    });
  }
  const sortedBy = ({ fee_ocur_time, feedetl_sn }: LineRow) => `${fee_ocur_time} ${feedetl_sn}`;
  const stored: StoredLine[] = rows
    .toSorted((one, other) => (sortedBy(one) < sortedBy(other) ? -1 : 1))
    .map((row) => ({ ...row, day: row.fee_ocur_time.slice(0, 10) }));
  const made: NewLines = { mdtrtId: visit.mdtrt_id, at: now, rows };
  return { answers, stored, made };
}

type LineRow = Omit<StoredLine, 'day'> & {
  readonly fee_ocur_time: string;
  readonly [column: string]: unknown;
};
type NewLines = {
  readonly mdtrtId: string;
  readonly at: Temporal.Instant;
  readonly rows: readonly LineRow[];
};

/** Keeps lines; its rows are those that were not there before. */
export const writeLines = (uploads: readonly NewLines[]) => {
  const all = uploads.flatMap(({ mdtrtId, at, rows }) =>
    rows.map((row) => ({ ...row, mdtrt_id: mdtrtId, uploaded_at: at.toString() })),
  );
  return sql<{
    feedetl_sn: string;
  }>`INSERT INTO fee_line (mdtrt_id, feedetl_sn, chrg_bchno, fee_ocur_time, med_list_codg,
      medins_list_codg, cnt4, pric6, amount_fen, own_fen, over_limit_fen, prior_fen, in_scope_fen, list_class, is_restricted,
      ceiling6, prior_ratio6, direct_ratio6, reason, body, uploaded_at)
    SELECT mdtrt_id, feedetl_sn, chrg_bchno, fee_ocur_time, med_list_codg, medins_list_codg, cnt4, pric6, amount_fen,
      own_fen, over_limit_fen, prior_fen, in_scope_fen, list_class, is_restricted, ceiling6, prior_ratio6, direct_ratio6,
      reason, body, uploaded_at
    FROM jsonb_to_recordset(${JSON.stringify(all)}::jsonb) AS given (mdtrt_id text, feedetl_sn text, chrg_bchno text,
      fee_ocur_time timestamp, med_list_codg text, medins_list_codg text, cnt4 bigint, pric6 bigint, amount_fen bigint, own_fen bigint,
      over_limit_fen bigint, prior_fen bigint, in_scope_fen bigint, list_class text, is_restricted boolean, ceiling6 bigint,
      prior_ratio6 bigint, direct_ratio6 bigint, reason text, body jsonb, uploaded_at timestamptz)
    ON CONFLICT DO NOTHING RETURNING feedetl_sn`;
};

const uploadFees = (source: BenefitSource, kind: 'outpatient' | 'inpatient'): Handler =>
  aboutVisit(FIRST_LINE, firstLine, kind, async (call, first, visit, person) => {
    const lines = rowsOf(call.input, 'feedetail');
    for (const [index, line] of lines.entries()) {
      for (const field of ['mdtrt_id', 'psn_no'] as const) {
        if (text(line, field) === text(first, field)) continue;
        throw refuse('一次上传的明细应属于同一次就诊', 'the lines of one upload belong to one visit', {
          node: `feedetail[${index + 1}]`,
          field,
          value: text(line, field),
        });
      }
    }
    const medType = visit.med_type || text(first, 'med_type') || '11';
    const date = kind === 'inpatient' ? dayOf(first, 'fee_ocur_time') : visit.begntime.slice(0, 10);
    const wanted = { date, medType, insutype: visit.insutype, at: FIRST_LINE, source };
    const context = visitOnDay(visit, person, wanted);
    return { result: await keepLines(call, source, visit, context, lines, 'feedetail') };
  });

const FIRST_LINE = 'feedetail[1]';
const firstLine = (input: Fields): Fields => rowsOf(input, 'feedetail')[0] ?? {};

/** 2204 and 2301 upload fee lines, which splits them; 2205 and 2302 take back what is not settled. Source: interface.md §1.7. */
export const feeTransactions = (source: BenefitSource): Transactions => ({
  '2204': uploadFees(source, 'outpatient'),
  '2301': uploadFees(source, 'inpatient'),
  '2205': deleteEach('outpatient', 'chrg_bchno'),
  '2302': deleteEach('inpatient', 'feedetl_sn'),
});

/** 0000 stands for everything that is not settled. */
const EVERYTHING = '0000';

function deleteEach(kind: 'outpatient' | 'inpatient', field: 'chrg_bchno' | 'feedetl_sn'): Handler {
  return async (call) => {
    for (const data of rowsOf(call.input, 'data')) {
      const value = text(data, field);
      await deleteLines(call, data, kind, field, value === EVERYTHING ? '' : value);
    }
    return {};
  };
}

async function deleteLines(
  { db, institution }: Call,
  data: Fields,
  kind: 'outpatient' | 'inpatient',
  field: 'chrg_bchno' | 'feedetl_sn',
  value: string,
): Promise<void> {
  const person = await lockedPerson(db, text(data, 'psn_no'));
  const visit = await visitOf(db, text(data, 'mdtrt_id'), { institution, person, kind });
  if (value !== '') {
    const { rows } = await sql<{ setl_id: string }>`SELECT d.setl_id
      FROM fee_line AS l JOIN settled_line AS d ON d.mdtrt_id = l.mdtrt_id AND d.feedetl_sn = l.feedetl_sn
      WHERE l.mdtrt_id = ${visit.mdtrt_id} AND l.${sql.ref(field)} = ${value} LIMIT 1`.execute(db);
    if (rows.length > 0) {
      throw refuse(
        `明细已结算（${rows[0]!.setl_id}），不能撤销`,
        `the lines are settled (${rows[0]!.setl_id})`,
        {
          node: 'data',
          field,
          value,
        },
      );
    }
  }
  const { rows } =
    await sql`DELETE FROM fee_line WHERE mdtrt_id = ${visit.mdtrt_id} AND ${isOpen(visit.mdtrt_id)}
    AND (${value} = '' OR ${sql.ref(field)} = ${value}) RETURNING feedetl_sn`.execute(db);
  if (rows.length === 0 && value !== '') {
    throw refuse('没有这样的明细', 'there are no such lines', { node: 'data', field, value });
  }
}
