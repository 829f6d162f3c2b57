import type { PersonPart } from './contract/person.ts';
import type { Column, ListSource } from './list.ts';

const text = (zh: string, en: string, filter?: Column['filter']): Column => ({
  title: { zh, en },
  ...(filter ? { filter } : {}),
});
const yuan = (zh: string, en: string): Column => ({ title: { zh, en }, kind: 'yuan' });
const number = (zh: string, en: string): Column => ({ title: { zh, en }, kind: 'count' });

const PSN_NO = text('人员编号', 'Personal number');
const INSUTYPE = text('险种', 'Insurance', 'equal');
const MED_TYPE = text('医疗类别', 'Medical type');
const INSTITUTION = text('就医机构', 'Institution');
const FROM = text('开始', 'From');
const TO = text('结束', 'To');
const STATE = text('状态', 'State', 'equal');

/** The number that goes on, of whatever number a row has: what was settled under an older number is the same person's. */
const CURRENT = 'coalesce(p.merged_into, p.psn_no)';
/** Where somebody was treated, in words where the service knows the institution. */
const PLACE = `coalesce(nullif(v.body ->> 'fixmedins_name', ''), i.name, v.fixmedins_code)`;

export const PERSONS: ListSource = {
  from: `(SELECT p.file_number AS file, p.psn_no, p.name AS psn_name, p.gend, p.brdy,
      (SELECT certno FROM person_certificate AS c WHERE c.psn_no = p.psn_no
        ORDER BY is_main DESC, psn_cert_type, certno LIMIT 1) AS certno,
      coalesce((SELECT string_agg(DISTINCT insutype, ' ' ORDER BY insutype) FROM enrolment AS e
        WHERE e.psn_no = p.psn_no), '') AS insutypes,
      (SELECT insuplc_admdvs FROM enrolment AS e WHERE e.psn_no = p.psn_no ORDER BY begndate DESC, insutype LIMIT 1) AS area_code
    FROM person AS p WHERE p.merged_into IS NULL) AS t`,
  key: 'file',
  columns: {
    file: number('档案号', 'File'),
    psn_no: PSN_NO,
    psn_name: text('姓名', 'Name', 'begins'),
    gend: text('性别', 'Sex'),
    brdy: text('出生日期', 'Born'),
    certno: text('证件号码', 'Certificate'),
    insutypes: text('险种', 'Insurances'),
    area_code: text('参保地', 'Area', 'begins'),
  },
};

/** Whether a span holds today. */
const SPAN_STATE = (alias: string): string =>
  `CASE WHEN ${alias}.enddate < ((now() AT TIME ZONE 'Asia/Shanghai')::date) THEN 'past'
    WHEN ${alias}.begndate > ((now() AT TIME ZONE 'Asia/Shanghai')::date) THEN 'to-come' ELSE 'in-force' END`;

/** A filing as lists show it; `date` is the day its state is of. */
export const filingState = (
  alias: string,
): string => `CASE WHEN ${alias}.withdrawn_at IS NOT NULL THEN 'withdrawn'
    ELSE ${SPAN_STATE(alias)} END`;

const FILING_COLUMNS: ListSource['columns'] = {
  trt_dcla_detl_sn: text('备案流水号', 'Number'),
  kind: text('备案', 'Filing', 'equal'),
  biz_appy_type: text('业务类型', 'Business type', 'begins'),
  insutype: INSUTYPE,
  dise_codg: text('病种', 'Disease'),
  longterm_eval_lv: text('失能等级', 'Level of disability'),
  nurscare_way: text('护理方式', 'Form of care'),
  rels_nurscare_flag: text('家属护理', 'Care by relatives'),
  fixmedins_code: text('机构', 'Institution'),
  begndate: FROM,
  enddate: TO,
  state: STATE,
  filed_by: text('经办', 'Filed by', 'begins'),
  filed_at: text('备案时间', 'Filed at'),
};

export const FILINGS: ListSource = {
  from: `(SELECT p.file_number AS file, p.name AS psn_name, f.trt_dcla_detl_sn, f.kind, f.biz_appy_type, f.insutype, f.dise_codg,
      f.longterm_eval_lv, f.nurscare_way, f.rels_nurscare_flag, f.fixmedins_code, f.begndate, f.enddate, ${filingState('f')} AS state, f.filed_by, f.filed_at
    FROM filing AS f JOIN person AS p ON p.psn_no = f.psn_no) AS t`,
  key: 'trt_dcla_detl_sn DESC',
  columns: { file: number('档案号', 'File'), psn_name: text('姓名', 'Name'), ...FILING_COLUMNS },
};

const SETTLEMENT_COLUMNS: ListSource['columns'] = {
  setl_id: text('结算ID', 'Settlement', 'begins'),
  kind: text('种类', 'Kind', 'equal'),
  reverses: text('冲销的结算', 'Undoes'),
  undone_by: text('冲销它的结算', 'Undone by'),
  policy_date: text('政策日', 'Policy day'),
  setl_time: text('结算时间', 'Settled at'),
  place: INSTITUTION,
  insutype: INSUTYPE,
  med_type: MED_TYPE,
  medfee_fen: yuan('医疗费', 'Fee'),
  fund_fen: yuan('基金支付', 'Funds'),
  person_fen: yuan('个人负担', 'Person'),
  account_fen: yuan('账户支付', 'Accounts'),
  cash_fen: yuan('现金', 'Cash'),
};

/** Requests for services with whether they are overdue today. */
export const SERVICE_REQUESTS = `(SELECT *, CASE WHEN state = 'received'
    AND due_on < ((now() AT TIME ZONE 'Asia/Shanghai')::date) THEN 'yes' ELSE 'no' END AS overdue FROM service_request)`;

/** The parts of a person's file; each is read with the condition `psn_no = …`. */
export const PERSON_LISTS: Readonly<Record<PersonPart, ListSource>> = {
  certificates: {
    from: `(SELECT psn_no, psn_cert_type, certno, CASE WHEN is_main THEN 'yes' ELSE 'no' END AS is_main
      FROM person_certificate) AS t`,
    key: 'is_main DESC, psn_cert_type, certno',
    columns: {
      psn_cert_type: text('证件类型', 'Type'),
      certno: text('证件号码', 'Number'),
      is_main: text('主证件', 'Main'),
    },
  },
  identities: {
    from: 'person_identity AS t',
    key: 'begndate DESC, psn_idet_type',
    columns: {
      psn_idet_type: text('身份', 'Identity'),
      psn_type_lv: text('等级', 'Level'),
      begndate: FROM,
      enddate: TO,
      memo: text('备注', 'Note'),
    },
  },
  enrolments: {
    from: 'enrolment AS t',
    key: 'begndate DESC, insutype',
    columns: {
      insutype: INSUTYPE,
      psn_type: text('人员类别', 'Class'),
      psn_insu_stas: text('参保状态', 'State'),
      begndate: FROM,
      enddate: TO,
      waiting_until: text('等待期至', 'Waiting until'),
      waiting_reason: text('等待依据', 'Waiting because'),
      gap_months: number('中断（月）', 'Months between'),
      insuplc_admdvs: text('参保地', 'Area'),
      emp_name: text('单位', 'Employer'),
      continuous_years: number('连续参保（年）', 'Continuous years'),
    },
  },
  continuity: {
    from: `(SELECT psn_no, fact_id, insutype, year, continuous_years, zero_claim_years, earned_before_gap_fen,
        CASE WHEN is_stated = 1 THEN 'stated' ELSE kind END AS kind, paid_funds,
        coalesce(nullif(reason, ''), (SELECT d.file_name FROM department_file AS d WHERE d.file_id = f.file_id), '') AS reason,
        coalesce(stated_at,
          (SELECT c.decided_at FROM continuity_closing AS c WHERE c.closing_id = f.closing_id)) AS at
      FROM continuity_in_force AS f) AS t`,
    key: 'year DESC, fact_id DESC',
    columns: {
      year: number('适用年度', 'Holds in'),
      kind: text('上一年', 'The year before'),
      continuous_years: number('连续参保（年）', 'Continuous years'),
      zero_claim_years: number('零报销（年）', 'Years without a claim'),
      earned_before_gap_fen: yuan('断保前已得', 'Earned before a gap'),
      paid_funds: text('支付过的基金', 'Funds that paid'),
      reason: text('依据', 'Evidence'),
      at: text('时间', 'Since'),
    },
  },
  contributions: {
    from: `(SELECT c.*, CASE WHEN EXISTS (SELECT 1 FROM contribution_refund AS r WHERE r.contribution_id = c.contribution_id)
        THEN 'refunded' ELSE c.kind END AS state FROM contribution AS c) AS t`,
    key: 'paid_on DESC, contribution_id DESC',
    columns: {
      insutype: INSUTYPE,
      paid_on: text('缴费日期', 'Paid on'),
      month_from: text('费款所属期起', 'From month'),
      month_to: text('费款所属期止', 'To month'),
      person_fen: yuan('个人', 'Person'),
      employer_fen: yuan('单位', 'Employer'),
      subsidy_fen: yuan('财政补助', 'Subsidy'),
      assistance_fen: yuan('救助资助', 'Assistance'),
      total_fen: yuan('合计', 'Total'),
      receipt: text('凭证', 'Receipt'),
      contribution_id: number('缴费编号', 'Contribution'),
      state: STATE,
    },
  },
  filings: {
    from: `(SELECT f.*, ${filingState('f')} AS state FROM filing AS f) AS t`,
    key: 'trt_dcla_detl_sn DESC',
    columns: FILING_COLUMNS,
  },
  accumulators: {
    from: 'accumulator AS t',
    key: 'year DESC, scheme, code',
    columns: {
      year: { ...number('年度', 'Year'), filter: 'equal' },
      scheme: text('制度', 'Scheme'),
      code: text('累计项', 'Accumulator'),
      value: number('累计值（金额为分）', 'Value (amounts in fen)'),
    },
  },
  visits: {
    from: `(SELECT ${CURRENT} AS psn_no, v.mdtrt_id, v.kind, ${PLACE} AS place, v.insutype, v.med_type, v.dise_codg, v.begntime,
        v.endtime, v.state,
        (SELECT count(*) FROM settlement AS s WHERE s.mdtrt_id = v.mdtrt_id AND s.sign = 1
          AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)) AS settlements
      FROM visit AS v JOIN person AS p ON p.psn_no = v.psn_no
        LEFT JOIN interface_institution AS i ON i.fixmedins_code = v.fixmedins_code) AS t`,
    key: 'begntime DESC, mdtrt_id DESC',
    columns: {
      mdtrt_id: text('就诊ID', 'Visit'),
      kind: text('种类', 'Kind', 'equal'),
      place: INSTITUTION,
      insutype: INSUTYPE,
      med_type: MED_TYPE,
      dise_codg: text('病种', 'Disease'),
      begntime: FROM,
      endtime: TO,
      state: STATE,
      settlements: number('有效结算', 'Settlements'),
    },
  },
  settlements: {
    from: `(SELECT ${CURRENT} AS psn_no, s.setl_id, s.year, CASE WHEN s.sign = -1 THEN 'reversal' WHEN s.infno = 'manual' THEN 'manual'
          ELSE 'settlement' END AS kind, s.reverses,
        (SELECT r.setl_id FROM settlement AS r WHERE r.reverses = s.setl_id) AS undone_by, s.policy_date, s.setl_time,
        ${PLACE} AS place, s.insutype, s.med_type, s.medfee_sumamt_fen AS medfee_fen, s.fund_pay_sumamt_fen AS fund_fen,
        s.psn_part_amt_fen AS person_fen, s.acct_pay_fen AS account_fen, s.psn_cash_pay_fen AS cash_fen, s.sequence
      FROM settlement AS s JOIN person AS p ON p.psn_no = s.psn_no JOIN visit AS v ON v.mdtrt_id = s.mdtrt_id
        LEFT JOIN interface_institution AS i ON i.fixmedins_code = v.fixmedins_code) AS t`,
    key: 'year DESC, sequence DESC, setl_id',
    columns: SETTLEMENT_COLUMNS,
  },
  movements: {
    // what a merge moved names two numbers
    from: `(SELECT movement_id, psn_no, setl_id, change_fen, CASE WHEN memo LIKE 'merge %' THEN 'merge' ELSE memo END AS memo, at
      FROM account_movement) AS t`,
    key: 'at DESC, movement_id DESC',
    columns: {
      at: text('时间', 'At'),
      change_fen: yuan('收（＋）支（－）', 'Change'),
      setl_id: text('结算ID', 'Settlement'),
      memo: text('备注', 'Note'),
    },
  },
  sharing: {
    from: `(SELECT s.psn_no, s.sharing_id, s.direction, s.relation, p.name AS psn_name, p.file_number AS other_file, s.begndate,
        s.enddate, CASE WHEN s.enddate < s.begndate THEN 'withdrawn' ELSE ${SPAN_STATE('s')} END AS state
      FROM (SELECT coalesce(o.merged_into, o.psn_no) AS psn_no, 'mine-for' AS direction, a.user_psn_no AS other, a.*
          FROM account_sharing AS a JOIN person AS o ON o.psn_no = a.owner_psn_no
        UNION ALL SELECT coalesce(u.merged_into, u.psn_no), 'for-me', a.owner_psn_no, a.*
          FROM account_sharing AS a JOIN person AS u ON u.psn_no = a.user_psn_no) AS s
        JOIN person AS q ON q.psn_no = s.other JOIN person AS p ON p.psn_no = coalesce(q.merged_into, q.psn_no)) AS t`,
    key: 'begndate DESC, direction, sharing_id',
    columns: {
      sharing_id: number('编号', 'Number'),
      direction: text('方向', 'Direction'),
      relation: text('使用人是所有人的', 'The user is the owner’s'),
      psn_name: text('家庭成员', 'Family member'),
      other_file: number('家庭成员档案号', 'File of the member'),
      begndate: FROM,
      enddate: TO,
      state: STATE,
    },
  },
  requests: {
    from: `${SERVICE_REQUESTS} AS t`,
    key: 'request_id DESC',
    columns: {
      request_id: number('办件编号', 'Request'),
      item: text('事项', 'Item'),
      channel: text('渠道', 'Channel'),
      received_on: text('受理日期', 'Received'),
      due_on: text('办结期限', 'Due'),
      state: STATE,
      overdue: text('超期', 'Overdue'),
      closed_on: text('办结日期', 'Closed'),
      outcome: text('结果', 'Outcome'),
      rating: number('评价', 'Rating'),
      comment: text('意见', 'Comment'),
    },
  },
  decisions: {
    from: `(SELECT psn_no, id::text AS approval_id, kind, subject, state, created_at, updated_at FROM (
        SELECT ${CURRENT} AS psn_no, a.* FROM approval AS a JOIN person AS p ON p.psn_no = a.content ->> 'psn_no'
          WHERE a.content ->> 'psn_no' IS NOT NULL
        UNION ALL SELECT ${CURRENT}, a.* FROM approval AS a JOIN person AS p ON p.file_number::text = a.content ->> 'fromFile'
          WHERE a.kind = 'merge' AND p.merged_into IS NULL) AS d) AS t`,
    key: 'updated_at DESC, approval_id',
    columns: {
      approval_id: text('编号', 'Number'),
      kind: text('事项', 'Kind', 'equal'),
      subject: text('对象', 'Subject'),
      state: STATE,
      created_at: text('发起时间', 'Opened at'),
      updated_at: text('最近办理', 'Last step at'),
    },
  },
};

/** The fee lines of a settlement, those of one that was undone as far as the visit still has them. */
export const FEE_LINES: ListSource = {
  from: `(SELECT s.setl_id, l.feedetl_sn, l.fee_ocur_time, l.med_list_codg, coalesce(l.body ->> 'name', '') AS name, l.list_class,
      l.cnt4, l.pric6, l.amount_fen, l.own_fen, l.over_limit_fen, l.prior_fen, l.in_scope_fen, l.reason
    FROM settlement AS s JOIN settlement AS o ON o.setl_id = coalesce(s.reverses, s.setl_id)
      JOIN fee_line AS l ON l.mdtrt_id = s.mdtrt_id AND jsonb_exists((o.body -> 'feedetl_sn')::jsonb, l.feedetl_sn)) AS t`,
  key: 'fee_ocur_time, feedetl_sn',
  columns: {
    feedetl_sn: text('明细流水号', 'Line'),
    fee_ocur_time: text('费用时间', 'At'),
    med_list_codg: text('项目编码', 'Item'),
    name: text('名称', 'Name'),
    list_class: text('目录类别', 'Class'),
    cnt4: { title: { zh: '数量', en: 'Count' }, kind: 'scaled4' },
    amount_fen: yuan('金额', 'Amount'),
    own_fen: yuan('全自费', 'Self-paid'),
    over_limit_fen: yuan('超限价', 'Above ceiling'),
    prior_fen: yuan('先行自付', 'Prior self-pay'),
    in_scope_fen: yuan('范围内', 'In scope'),
    reason: text('拆分', 'Split'),
  },
};

export const CHANGES: ListSource = {
  from: 'settlement_change AS t',
  key: 'code',
  columns: {
    code: text('累计项', 'Accumulator'),
    before: number('之前', 'Before'),
    change: number('改变', 'Change'),
    after: number('之后', 'After'),
  },
};
