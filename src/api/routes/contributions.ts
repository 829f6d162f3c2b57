import { sql } from 'kysely';
import {
  bookCollection,
  differenceEvidence,
  endTransfer,
  reconcileContributions,
  reconciliationKinds,
  requestTransfer,
  SIDES,
  transferEffects,
} from '#enrolment/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import {
  bookBody,
  bookedSchema,
  bookParams,
  contributionSummaryPage,
  contributionSummaryQuery,
  differenceDetailSchema,
  differencePage,
  differenceParams,
  differenceQuery,
  endTransferBody,
  reconcileBody,
  reconciledSchema,
  reconciliationDetailSchema,
  reconciliationPage,
  reconciliationParams,
  reconciliationQuery,
  sidePage,
  sideQuery,
  transferBody,
  transferDetailQuery,
  transferDetailSchema,
  transferPage,
  transferParams,
  transferQuery,
  transferredSchema,
} from '../contract/contribution.ts';
import { apiErrors } from '../errors.ts';
import { answerList, type ListSource, rowOf } from '../list.ts';
import { masked, maskRow } from '../mask.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';
import { numberOf } from './enrolment.ts';

const FILE = { zh: '档案号', en: 'File number' };
const NAME = { zh: '姓名', en: 'Name' };
const SCHEME = { zh: '险种', en: 'Scheme' };

const SUMMARIES: ListSource = {
  from: `(SELECT p.file_number AS file, p.name AS psn_name, s.insutype, s.paid_to, s.months, s.deemed_months, s.local_months
    FROM contribution_summary AS s JOIN person AS p ON p.psn_no = s.psn_no) AS t`,
  key: 'file, insutype',
  columns: {
    file: { title: FILE, kind: 'count', filter: 'equal' },
    psn_name: { title: NAME },
    insutype: { title: SCHEME, filter: 'equal' },
    paid_to: { title: { zh: '缴至月份', en: 'Paid to' }, filter: 'begins' },
    months: { title: { zh: '计入月数', en: 'Counted months' }, kind: 'count' },
    deemed_months: { title: { zh: '视同月数', en: 'Deemed months' }, kind: 'count' },
    local_months: { title: { zh: '本地实缴月数', en: 'Paid here' }, kind: 'count' },
  },
};

const RECONCILIATIONS: ListSource = {
  from: `(SELECT r.reconciliation_id, r.paid_from, r.paid_to, r.insutype, r.receipts, r.agreed, r.tax_fen, r.treasury_fen, r.agency_fen,
      r.refunds, r.tax_refunded_fen, r.treasury_refunded_fen, r.agency_refunded_fen,
      (SELECT count(*) FROM contribution_difference AS d WHERE d.reconciliation_id = r.reconciliation_id)::integer AS differences,
      r.made_by, r.made_at FROM contribution_reconciliation AS r) AS t`,
  key: 'reconciliation_id DESC',
  columns: {
    reconciliation_id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    paid_from: { title: { zh: '入库日起', en: 'Paid from' } },
    paid_to: { title: { zh: '入库日止', en: 'Paid to' } },
    insutype: { title: SCHEME, filter: 'equal' },
    receipts: { title: { zh: '票据数', en: 'Receipts' }, kind: 'count' },
    agreed: { title: { zh: '三方一致', en: 'Agreed' }, kind: 'count' },
    tax_fen: { title: { zh: '税务', en: 'Tax bureau' }, kind: 'yuan' },
    treasury_fen: { title: { zh: '国库', en: 'Treasury' }, kind: 'yuan' },
    agency_fen: { title: { zh: '经办机构', en: 'Agency' }, kind: 'yuan' },
    refunds: { title: { zh: '退费票据数', en: 'Refunds' }, kind: 'count' },
    tax_refunded_fen: { title: { zh: '税务退费', en: 'Refunded, tax bureau' }, kind: 'yuan' },
    treasury_refunded_fen: { title: { zh: '国库退库', en: 'Refunded, treasury' }, kind: 'yuan' },
    agency_refunded_fen: { title: { zh: '经办机构退费', en: 'Refunded, agency' }, kind: 'yuan' },
    differences: { title: { zh: '差异', en: 'Differences' }, kind: 'count' },
    made_by: { title: { zh: '办理人', en: 'Made by' } },
    made_at: { title: { zh: '时间', en: 'Made at' } },
  },
};

const DIFFERENCES_OF = (id: number): ListSource => ({
  from: `(SELECT d.number, d.kind, d.receipt, d.insutype, p.file_number AS file, d.county, d.tax_fen, d.treasury_fen, d.agency_fen,
      d.detail FROM contribution_difference AS d LEFT JOIN person AS p ON p.psn_no = d.psn_no
    WHERE d.reconciliation_id = ${Math.trunc(id)}) AS t`,
  key: 'number',
  columns: {
    number: { title: { zh: '序号', en: 'Number' }, kind: 'count' },
    kind: { title: { zh: '差异', en: 'Difference' }, filter: 'equal' },
    receipt: { title: { zh: '票据号', en: 'Receipt' }, filter: 'begins' },
    insutype: { title: SCHEME, filter: 'equal' },
    file: { title: FILE, kind: 'count' },
    county: { title: { zh: '区县', en: 'County' }, filter: 'begins' },
    tax_fen: { title: { zh: '税务', en: 'Tax bureau' }, kind: 'yuan' },
    treasury_fen: { title: { zh: '国库', en: 'Treasury' }, kind: 'yuan' },
    agency_fen: { title: { zh: '经办机构', en: 'Agency' }, kind: 'yuan' },
    detail: { title: { zh: '说明', en: 'Detail' } },
  },
});

const TRANSFERS: ListSource = {
  from: `(SELECT t.transfer_id, p.file_number AS file, p.name AS psn_name, t.direction, t.insutype, t.other_area, t.certificate,
      t.month_from, t.month_to, t.balance_fen, t.state, t.requested_on, t.ended_on, t.note
    FROM insurance_transfer AS t JOIN person AS p ON p.psn_no = t.psn_no) AS t`,
  key: 'transfer_id DESC',
  columns: {
    transfer_id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    file: { title: FILE, kind: 'count', filter: 'equal' },
    psn_name: { title: NAME },
    direction: { title: { zh: '转入或转出', en: 'In or out' }, filter: 'equal' },
    insutype: { title: SCHEME, filter: 'equal' },
    other_area: { title: { zh: '对方统筹区', en: 'Other area' } },
    certificate: { title: { zh: '参保凭证号', en: 'Certificate' } },
    month_from: { title: { zh: '起月', en: 'From' } },
    month_to: { title: { zh: '止月', en: 'To' } },
    balance_fen: { title: { zh: '个人账户', en: 'Account' }, kind: 'yuan' },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    requested_on: { title: { zh: '受理日', en: 'Requested on' } },
    ended_on: { title: { zh: '办结日', en: 'Ended on' } },
    note: { title: { zh: '说明', en: 'Note' } },
  },
};

const SIDES_OF = (year: number): ListSource => ({
  from: `(${SIDES(year)}) AS t`,
  key: 'month, insutype',
  columns: {
    month: { title: { zh: '入库月份', en: 'Paid in' }, filter: 'equal' },
    insutype: { title: SCHEME, filter: 'equal' },
    tax_receipts: { title: { zh: '税务票据', en: 'Tax: receipts' }, kind: 'count' },
    tax_fen: { title: { zh: '税务征收', en: 'Tax bureau' }, kind: 'yuan' },
    treasury_receipts: { title: { zh: '国库票据', en: 'Treasury: receipts' }, kind: 'count' },
    treasury_fen: { title: { zh: '国库入账', en: 'Treasury' }, kind: 'yuan' },
    agency_receipts: { title: { zh: '经办票据', en: 'Agency: receipts' }, kind: 'count' },
    agency_fen: { title: { zh: '经办入账', en: 'Agency' }, kind: 'yuan' },
    treasury_granted_fen: { title: { zh: '国库补助与资助', en: 'Treasury: granted' }, kind: 'yuan' },
    agency_granted_fen: { title: { zh: '经办补助与资助', en: 'Agency: granted' }, kind: 'yuan' },
  },
});

/** What was paid for whom, transfers, and the reconciliation of tax bureau, treasury and agency. */
export const contributionRoutes = [
  route({
    method: 'GET',
    url: '/api/contribution-summaries',
    action: 'person.read',
    summary: { zh: '缴至月份与计入月数', en: 'paid-to month and counted months' },
    query: contributionSummaryQuery,
    answer: contributionSummaryPage,
    handle: async ({ query }, context) =>
      answerList(SUMMARIES, query, masked(inStore(context.store)), context),
  }),
  route({
    method: 'POST',
    url: '/api/department-files/:file/booking',
    action: 'contribution.book',
    summary: {
      zh: '征收明细入账：写缴费四部分，更新参保期与等待期',
      en: 'book a file of collected contributions with their parts; spans and waits follow',
    },
    params: bookParams,
    body: bookBody,
    answer: bookedSchema,
    inTransaction: true,
    handle: async ({ params, body }, { store, benefits, note }) => {
      const { rows } =
        await sql`SELECT 1 FROM department_file WHERE file_id = ${params.file} AND holds = 'collection'`.execute(
          store,
        );
      if (rows.length === 0) throw notFound('file', params.file);
      const given = { fileId: params.file, areaCode: body.areaCode, policyOf: benefits.policyOf };
      const booking = await bookCollection(store, given);
      note({ file: params.file, ...booking });
      return booking;
    },
  }),
  route({
    method: 'GET',
    url: '/api/contribution-reconciliations',
    action: 'contribution.read',
    summary: { zh: '缴费三方对账', en: 'reconciliations of contributions' },
    query: reconciliationQuery,
    answer: reconciliationPage,
    handle: async ({ query }, context) => answerList(RECONCILIATIONS, query, inStore(context.store), context),
  }),
  route({
    method: 'POST',
    url: '/api/contribution-reconciliations',
    action: 'contribution.reconcile',
    summary: {
      zh: '税务、国库、经办机构三方对账',
      en: 'hold tax bureau, treasury and agency against one another',
    },
    body: reconcileBody,
    answer: reconciledSchema,
    inTransaction: true,
    handle: async ({ body }, { store, login, note }) => {
      const made = await reconcileContributions(store, { ...body, login }, Temporal.Now.instant());
      note({ ...body, differences: made.differences });
      return made;
    },
  }),
  route({
    method: 'GET',
    url: '/api/contribution-sides',
    action: 'contribution.read',
    summary: {
      zh: '税务、国库、经办机构各月已有的票据与金额',
      en: 'what tax bureau, treasury and agency have of each month by now',
    },
    query: sideQuery,
    answer: sidePage,
    handle: async ({ query: { year, ...query } }, context) =>
      answerList(SIDES_OF(year), query, inStore(context.store), context),
  }),
  route({
    method: 'GET',
    url: '/api/contribution-reconciliations/:reconciliation',
    action: 'contribution.read',
    summary: { zh: '一次对账与各种差异的数目', en: 'a reconciliation with how much of each kind differs' },
    params: reconciliationParams,
    answer: reconciliationDetailSchema,
    handle: async ({ params }, { store }) => ({
      reconciliation: await rowOf(
        RECONCILIATIONS,
        { reconciliation_id: params.reconciliation },
        inStore(store),
      ),
      kinds: await reconciliationKinds(store, params.reconciliation),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/contribution-reconciliations/:reconciliation/differences/:number',
    action: 'contribution.read',
    summary: {
      zh: '一条差异：三方各自的行与入账，个人信息遮蔽',
      en: 'a difference with the rows of each side and what was booked, masked',
    },
    params: differenceParams,
    answer: differenceDetailSchema,
    handle: async ({ params }, { store }) => {
      const { difference, landed, booked } = await differenceEvidence(
        store,
        params.reconciliation,
        params.number,
      );
      return { difference, landed: landed.map(maskRow), booked: booked.map(maskRow) };
    },
  }),
  route({
    method: 'GET',
    url: '/api/contribution-reconciliations/:reconciliation/differences',
    action: 'contribution.read',
    summary: { zh: '一次对账的差异', en: 'the differences of a reconciliation' },
    params: reconciliationParams,
    query: differenceQuery,
    answer: differencePage,
    handle: async ({ params, query }, context) =>
      answerList(DIFFERENCES_OF(params.reconciliation), query, inStore(context.store), context),
  }),
  route({
    method: 'GET',
    url: '/api/insurance-transfers',
    action: 'person.read',
    summary: { zh: '关系转移接续', en: 'transfers of insurance' },
    query: transferQuery,
    answer: transferPage,
    handle: async ({ query }, context) =>
      answerList(TRANSFERS, query, masked(inStore(context.store)), context),
  }),
  route({
    method: 'GET',
    url: '/api/insurance-transfers/:transfer',
    action: 'person.read',
    summary: {
      zh: '一次转移，及其对月数、参保期、账户的影响',
      en: 'a transfer and what follows from it for months, spans and account',
    },
    params: transferParams,
    query: transferDetailQuery,
    answer: transferDetailSchema,
    handle: async ({ params, query }, { store, benefits }) => {
      const transfer = await rowOf(TRANSFERS, { transfer_id: params.transfer }, masked(inStore(store)));
      const on = query.on ?? Temporal.Now.plainDateISO('Asia/Shanghai').toString();
      return {
        transfer,
        on: transfer.ended_on ?? on,
        ...(await transferEffects(store, params.transfer, on, benefits.policyOf)),
      };
    },
  }),
  route({
    method: 'POST',
    url: '/api/insurance-transfers',
    action: 'transfer.write',
    summary: { zh: '受理转移', en: 'take in a transfer' },
    body: transferBody,
    answer: transferredSchema,
    inTransaction: true,
    handle: async ({ body }, { store, login, note }) => {
      const { file, ...transfer } = body;
      const psnNo = await numberOf(store, file);
      const on = Temporal.Now.plainDateISO('Asia/Shanghai').toString();
      const transferId = await requestTransfer(store, { ...transfer, psnNo }, { login, on });
      note({ transferId, file });
      return { transferId };
    },
  }),
  route({
    method: 'POST',
    url: '/api/insurance-transfers/:transfer/end',
    action: 'transfer.write',
    summary: { zh: '办结或退回转移', en: 'finish or refuse a transfer' },
    params: transferParams,
    body: endTransferBody,
    answer: transferredSchema,
    inTransaction: true,
    handle: async ({ params, body }, { store, benefits, login, note }) => {
      const given = { transferId: params.transfer, ...body, login };
      await endTransfer(store, given, Temporal.Now.instant(), benefits.policyOf);
      note({ transferId: params.transfer, isDone: body.isDone });
      return { transferId: params.transfer };
    },
  }),
];

const notFound = (field: string, value: number) =>
  new YibaoError({ definition: apiErrors.notFound, field, value: String(value) });
