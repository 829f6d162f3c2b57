import { checkClosable, closingPicture, STANDING_CHANGE, stateContinuity } from '#enrolment/index.ts';
import { addJob, CLOSING_OF_YEAR } from '#workflow/index.ts';
import {
  closingDetailSchema,
  closingPage,
  closingParams,
  closingQuery,
  closingRowPage,
  closingRowQuery,
  incentiveSchema,
  prepareClosingBody,
  stateContinuityBody,
  statedContinuitySchema,
} from '../contract/continuity.ts';
import { jobStarted } from '../contract/job.ts';
import { personParams } from '../contract/person.ts';
import { incentiveOfPerson } from '../incentive-of-person.ts';
import { answerList, type ListSource, rowOf } from '../list.ts';
import { masked } from '../mask.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';
import { numberOf } from './enrolment.ts';
import { personByFile, today } from './persons.ts';

const CLOSINGS: ListSource = {
  from: `(SELECT closing_id, year, state, persons, zero_claim, gaps, differs, prepared_by, prepared_at, decided_by, decided_at, reason,
      (SELECT a.id::text FROM approval AS a WHERE a.kind = '${CLOSING_OF_YEAR}' AND a.subject = c.year || '/closing/' || c.closing_id)
        AS approval_id
    FROM continuity_closing AS c WHERE c.state <> 'making') AS t`,
  key: 'closing_id DESC',
  columns: {
    closing_id: { title: { zh: '编号', en: 'Number' }, kind: 'count' },
    year: { title: { zh: '年度', en: 'Year' }, filter: 'equal' },
    state: { title: { zh: '状态', en: 'State' }, filter: 'equal' },
    persons: { title: { zh: '人数', en: 'Persons' }, kind: 'count' },
    zero_claim: { title: { zh: '零报销加一年', en: 'Year without a claim' }, kind: 'count' },
    gaps: { title: { zh: '断保', en: 'Gaps' }, kind: 'count' },
    differs: { title: { zh: '与现行不同', en: 'Differs' }, kind: 'count' },
    prepared_by: { title: { zh: '经办', en: 'Prepared by' } },
    prepared_at: { title: { zh: '结转时间', en: 'Prepared at' } },
    decided_by: { title: { zh: '决定人', en: 'Decided by' } },
    decided_at: { title: { zh: '决定时间', en: 'Decided at' } },
    reason: { title: { zh: '说明', en: 'Reason' } },
    approval_id: { title: { zh: '审批编号', en: 'Approval' } },
  },
};

const ROWS_OF = (closingId: number): ListSource => ({
  from: `(SELECT p.file_number AS file, p.name AS psn_name, f.kind, f.paid_funds,
      CASE WHEN f.used_incentive THEN 'yes' ELSE 'no' END AS used_incentive, ${STANDING_CHANGE} AS change,
      f.continuous_before, f.zero_claim_before, f.continuous_years, f.zero_claim_years,
      f.earned_before_gap_fen
    FROM continuity_fact AS f JOIN person AS p ON p.psn_no = f.psn_no WHERE f.closing_id = ${Math.trunc(closingId)}
      AND EXISTS (SELECT 1 FROM continuity_closing AS c WHERE c.closing_id = f.closing_id AND c.state <> 'making')) AS t`,
  key: 'file',
  columns: {
    file: { title: { zh: '档案号', en: 'File number' }, kind: 'count', filter: 'equal' },
    psn_name: { title: { zh: '姓名', en: 'Name' } },
    kind: { title: { zh: '这一年', en: 'The year' }, filter: 'equal' },
    paid_funds: { title: { zh: '支付过的基金', en: 'Funds that paid' } },
    used_incentive: { title: { zh: '用到奖励额度', en: 'Used the incentive' }, filter: 'equal' },
    change: { title: { zh: '增减', en: 'Change' }, filter: 'equal' },
    continuous_before: { title: { zh: '当年连续年数', en: 'Years in a row, this year' }, kind: 'count' },
    zero_claim_before: {
      title: { zh: '当年零报销年数', en: 'Years without a claim, this year' },
      kind: 'count',
    },
    continuous_years: { title: { zh: '次年连续年数', en: 'Years in a row, next year' }, kind: 'count' },
    zero_claim_years: { title: { zh: '零报销年数', en: 'Years without a claim' }, kind: 'count' },
    earned_before_gap_fen: { title: { zh: '断保前已得', en: 'Earned before a gap' }, kind: 'yuan' },
  },
});

/** What a year of enrolment leaves to the next one: closing it, deciding on that, and stating it otherwise. */
export const continuityRoutes = [
  route({
    method: 'GET',
    url: '/api/continuity-closings',
    action: 'person.read',
    summary: { zh: '连续参保与零报销年度结转', en: 'years of enrolment that were closed' },
    query: closingQuery,
    answer: closingPage,
    handle: async ({ query }, context) => answerList(CLOSINGS, query, inStore(context.store), context),
  }),
  route({
    method: 'POST',
    url: '/api/continuity-closings',
    action: 'continuity.prepare',
    summary: {
      zh: '结转一年（任务）：由参保期、缴费、基金支付推出下一年的连续年数与零报销年数，待他人决定；任务结果 `closingId`、`approvalId` 和人数',
      en: 'close a year, as a job: what it leaves to the next one, for somebody else to decide; its result has `closingId`, `approvalId` and counts',
    },
    body: prepareClosingBody,
    answer: jobStarted,
    status: 202,
    inTransaction: true,
    handle: async ({ body }, { store, jobs, login, language, note, afterwards }) => {
      await checkClosable(store, body.year, Temporal.Now.instant());
      const jobId = await addJob(store, {
        kind: 'closing-of-year',
        input: body,
        createdBy: login,
        language,
      });
      note({ jobId, ...body });
      afterwards(() => jobs.wake());
      return { jobId };
    },
  }),
  route({
    method: 'GET',
    url: '/api/continuity-closings/:closing',
    action: 'person.read',
    summary: {
      zh: '一次结转：增、减、不变的人数，年数的分布',
      en: 'a closing: who gains, keeps and loses, and how many persons have how many years',
    },
    params: closingParams,
    answer: closingDetailSchema,
    handle: async ({ params }, { store }) => ({
      closing: await rowOf(CLOSINGS, { closing_id: params.closing }, inStore(store)),
      ...(await closingPicture(store, params.closing)),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/continuity-closings/:closing/rows',
    action: 'person.read',
    summary: { zh: '一次结转的逐人结果与依据', en: 'each person of a closing, with the grounds' },
    params: closingParams,
    query: closingRowQuery,
    answer: closingRowPage,
    handle: async ({ params, query }, context) =>
      answerList(ROWS_OF(params.closing), query, masked(inStore(context.store)), context),
  }),
  route({
    method: 'POST',
    url: '/api/continuity-statements',
    action: 'continuity.state',
    summary: {
      zh: '为一人一年另行认定连续年数、零报销年数或断保前已得金额',
      en: 'state years in a row, years without a claim or what was earned before a gap for a person and year',
    },
    body: stateContinuityBody,
    answer: statedContinuitySchema,
    inTransaction: true,
    handle: async ({ body }, { store, login, note }) => {
      const { file, ...stated } = body;
      const psnNo = await numberOf(store, file);
      await stateContinuity(store, { ...stated, psnNo, login }, Temporal.Now.instant());
      note(body);
      return { file };
    },
  }),
  route({
    method: 'GET',
    url: '/api/persons/:file/incentive',
    action: 'person.read',
    summary: {
      zh: '一人各年的连续年数、零报销年数使大病封顶线提高多少，依据哪一条',
      en: 'by how much a person’s years raise the cap of catastrophic insurance, and by which article',
    },
    params: personParams,
    answer: incentiveSchema,
    handle: async ({ params }, { store, benefits }) =>
      incentiveOfPerson(await personByFile(store, params.file), benefits.policyOf, today()),
  }),
];
