import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { endSharing, lockPerson, type PersonFile, readPersonFile, shareAccount } from '#enrolment/index.ts';
import { timeText } from '#interface/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { addFiling, endFiling, entitlementsOn, explainSettlement } from '#visits/index.ts';
import { anyPage } from '../contract/fund.ts';
import {
  endFilingBody,
  endSharingBody,
  filedSchema,
  filingBody,
  filingParams,
  filingQuery,
  type PersonFileBody,
  partPage,
  partQuery,
  personFileSchema,
  personPage,
  personParams,
  personPartParams,
  personQuery,
  plainListQuery,
  settlementPartParams,
  sharedSchema,
  sharingBody,
  sharingParams,
  type VisitSettlement,
  visitSettlementParams,
  visitSettlementSchema,
} from '../contract/person.ts';
import { apiErrors } from '../errors.ts';
import { answerList, answerRows, jsonRow } from '../list.ts';
import { masked, maskRow } from '../mask.ts';
import { CHANGES, FEE_LINES, FILINGS, PERSON_LISTS, PERSONS } from '../person-lists.ts';
import { emptyAnswer } from '../register.ts';
import { shownOrRevealed } from '../reveal.ts';
import { type Context, route } from '../route.ts';
import { inStore } from '../store-list.ts';

/** Today in Beijing. */
export const today = (): string => timeText(Temporal.Now.instant()).slice(0, 10);

/** Insured persons as the agency sees them: masked, unless somebody says why. */
export const personRoutes = [
  route({
    method: 'GET',
    url: '/api/persons',
    action: 'person.read',
    summary: {
      zh: '按人员编号、证件号码或姓名查找参保人，个人信息已遮盖',
      en: 'find persons by number, certificate or name; personal data are masked',
    },
    query: personQuery,
    answer: personPage,
    handle: async ({ query }, context) => {
      const { psn_no, certno, ...rest } = query;
      const file = (await fileOf(context.store, psn_no, certno)) ?? query.file;
      return answerList(PERSONS, rest, masked(inStore(context.store)), context, { file });
    },
  }),
  ...shownOrRevealed({
    url: '/api/persons/:file',
    action: 'person.read',
    revealAction: 'person.reveal',
    summary: { zh: '参保人档案', en: 'the file of a person' },
    params: personParams,
    answer: personFileSchema,
    read: async ({ file }, context, isRevealed) => {
      const body = await personBody(context, await personByFile(context.store, file));
      return isRevealed
        ? body
        : { ...maskRow(body), certificates: body.certificates.map(maskRow), masked: true };
    },
  }),
  route({
    method: 'GET',
    url: '/api/persons/:file/:part',
    action: 'person.read',
    summary: {
      zh: '档案的一部分：证件、身份、参保、缴费、备案、累计、就诊、结算、账户、共济、办件',
      en: 'a part of a file: certificates, identities, enrolments, contributions, filings, accumulators, visits, settlements …',
    },
    params: personPartParams,
    query: partQuery,
    answer: partPage,
    handle: async ({ params, query }, context) => {
      const { psn_no } = await personByFile(context.store, params.file);
      return answerList(PERSON_LISTS[params.part], query, masked(inStore(context.store)), context, {
        psn_no,
      });
    },
  }),
  route({
    method: 'GET',
    url: '/api/visit-settlements/:setlId',
    action: 'person.read',
    summary: { zh: '一次结算的十四步、条款与参数', en: 'the fourteen steps of a settlement with articles' },
    params: visitSettlementParams,
    answer: visitSettlementSchema,
    handle: async ({ params }, context) => explained(context, params.setlId),
  }),
  route({
    method: 'GET',
    url: '/api/visit-settlements/:setlId/:part',
    action: 'person.read',
    summary: { zh: '结算的明细、步骤或累计变化', en: 'lines, steps or changes of a settlement' },
    params: settlementPartParams,
    query: plainListQuery,
    answer: anyPage,
    handle: async ({ params, query }, context) => settlementPart(context, params, query),
  }),
  route({
    method: 'GET',
    url: '/api/filings',
    action: 'person.read',
    summary: { zh: '备案（2501 至 2507）', en: 'filings (2501 to 2507)' },
    query: filingQuery,
    answer: anyPage,
    handle: async ({ query }, context) => answerList(FILINGS, query, masked(inStore(context.store)), context),
  }),
  route({
    method: 'POST',
    url: '/api/persons/:file/filings',
    action: 'filing.write',
    summary: { zh: '登记备案', en: 'file something for a person' },
    params: personParams,
    body: filingBody,
    answer: filedSchema,
    status: 201,
    inTransaction: true,
    handle: async ({ params, body }, context) => {
      const { psn_no } = await personByFile(context.store, params.file, 'locked');
      const { note, ...filing } = body;
      const number = await addFiling(
        context.store,
        psn_no,
        { ...filing, body: { ...body, note }, filed_by: context.login },
        Temporal.Now.instant(),
      );
      context.note({ trt_dcla_detl_sn: number, kind: body.kind });
      return { trt_dcla_detl_sn: number };
    },
  }),
  route({
    method: 'POST',
    url: '/api/filings/:number/end',
    action: 'filing.write',
    summary: { zh: '终止备案', en: 'end a filing' },
    params: filingParams,
    body: endFilingBody,
    answer: emptyAnswer,
    inTransaction: true,
    handle: async ({ params, body }, context) => {
      await endFiling(context.store, params.number, body.lastDay, Temporal.Now.instant());
      context.note(body);
      return {};
    },
  }),
  route({
    method: 'POST',
    url: '/api/persons/:file/sharings',
    action: 'account-sharing.write',
    summary: { zh: '绑定家庭共济：他人可用此人的账户', en: 'let a member of the family use the account' },
    params: personParams,
    body: sharingBody,
    answer: sharedSchema,
    status: 201,
    inTransaction: true,
    handle: async ({ params, body }, context) => {
      const { psn_no: ownerPsnNo } = await personByFile(context.store, params.file);
      const { userFile, ...span } = body;
      const { psn_no: userPsnNo } = await personByFile(context.store, userFile);
      return share(context, { ownerPsnNo, userPsnNo, ...span });
    },
  }),
  route({
    method: 'POST',
    url: '/api/account-sharings/:sharing/end',
    action: 'account-sharing.write',
    summary: { zh: '解除家庭共济', en: 'end family sharing' },
    params: sharingParams,
    body: endSharingBody,
    answer: emptyAnswer,
    inTransaction: true,
    handle: async ({ params, body }, context) => endShare(context, params.sharing, body),
  }),
];

type SharingWanted = Parameters<typeof shareAccount>[1];

/** Family sharing begun, by the person or for the person. */
export async function share(context: Context, wanted: SharingWanted): Promise<{ sharing_id: number }> {
  const { store, benefits, note } = context;
  const sharing_id = await shareAccount(store, wanted, benefits.policyOf, byToday(context));
  const { relation, begndate, enddate } = wanted;
  note({ sharing_id, relation, begndate, enddate });
  return { sharing_id };
}

export async function endShare(
  context: Context,
  sharingId: number,
  body: { readonly lastDay: string; readonly reason: string },
  psnNo?: string,
): Promise<object> {
  await endSharing(context.store, { sharingId, ...body }, byToday(context), psnNo);
  context.note({ sharingId, ...body });
  return {};
}

const byToday = ({ login }: Pick<Context, 'login'>) => ({
  ...{ login, today: today(), now: Temporal.Now.instant() },
});

/** The file number somebody is looked for by; undefined: not by a number; 0: nobody has it. */
async function fileOf(
  store: Store,
  psnNo: string | undefined,
  certno: string | undefined,
): Promise<number | undefined> {
  if (psnNo === undefined && certno === undefined) return undefined;
  const { rows } = await sql<{ file: number }>`SELECT q.file_number AS file FROM person AS p
      JOIN person AS q ON q.psn_no = coalesce(p.merged_into, p.psn_no)
    WHERE (${psnNo ?? null}::text IS NULL OR p.psn_no = ${psnNo ?? null})
      AND (${certno ?? null}::text IS NULL OR p.psn_no IN (SELECT psn_no FROM person_certificate
        WHERE certno = upper(${certno ?? null}::text) OR certno = ${certno ?? null}))
    LIMIT 1`.execute(store);
  return rows[0]?.file ?? 0;
}

/** @throws YibaoError api.not-found */
export async function personByFile(store: Store, file: number, lock?: 'locked'): Promise<PersonFile> {
  const { rows } = await sql<{
    psn_no: string;
  }>`SELECT psn_no FROM person WHERE file_number = ${file}`.execute(store);
  const psnNo = rows[0]?.psn_no;
  if (psnNo !== undefined && lock !== undefined) await lockPerson(store, psnNo);
  const found = psnNo === undefined ? undefined : await readPersonFile(store, psnNo);
  if (found === undefined) throw new YibaoError({ definition: apiErrors.notFound, value: String(file) });
  return found;
}

/** Who it is, what the person is entitled to today, and what the year came to so far. */
export async function personBody(
  { store, benefits }: Pick<Context, 'store' | 'benefits'>,
  found: PersonFile,
): Promise<PersonFileBody> {
  const date = today();
  const { rows: numbers } = await sql<{
    file: number;
    other_files: number;
    year: number;
  }>`SELECT file_number AS file,
      (SELECT count(*) FROM person WHERE merged_into = ${found.psn_no}) AS other_files,
      coalesce((SELECT max(year) FROM settlement WHERE psn_no = ${found.psn_no}), ${Number(date.slice(0, 4))}) AS year
    FROM person WHERE psn_no = ${found.psn_no}`.execute(store);
  const { file, other_files, year } = numbers[0]!;
  const { rows: sums } = await sql<{
    medfee: number;
    fund: number;
    person: number;
  }>`SELECT coalesce(sum(medfee_sumamt_fen), 0)::bigint AS medfee, coalesce(sum(fund_pay_sumamt_fen), 0)::bigint AS fund,
      coalesce(sum(psn_part_amt_fen), 0)::bigint AS person
    FROM settlement AS s JOIN person AS p ON p.psn_no = s.psn_no
    WHERE coalesce(p.merged_into, p.psn_no) = ${found.psn_no} AND s.year = ${year}`.execute(store);
  return {
    file,
    psn_no: found.psn_no,
    psn_name: found.name,
    gend: found.gend,
    brdy: found.brdy,
    death_date: found.death_date,
    certificates: found.certificates.map(({ psn_cert_type, certno }) => ({ psn_cert_type, certno })),
    other_files,
    balance_fen: found.balance_fen,
    entitlements: entitlementsOn(found, benefits, date),
    year,
    year_medfee_fen: sums[0]!.medfee,
    year_fund_fen: sums[0]!.fund,
    year_person_fen: sums[0]!.person,
    masked: false,
  };
}

/**
 * A settlement in words.
 * @param psnNo only one of this person: another's is not there
 * @throws YibaoError api.not-found
 */
export async function explained(context: Context, setlId: string, psnNo?: string): Promise<VisitSettlement> {
  const { store, benefits } = context;
  const head = await headOf(store, setlId, psnNo);
  const told = await explainSettlement(store, benefits, setlId);
  if (told === undefined) throw new YibaoError({ definition: apiErrors.notFound, value: setlId });
  return {
    ...told,
    head: psnNo === undefined ? maskRow(jsonRow(head)) : jsonRow(head),
  } as unknown as VisitSettlement;
}

async function headOf(store: Store, setlId: string, psnNo?: string): Promise<Record<string, unknown>> {
  const { rows } = await sql<Record<string, unknown>>`SELECT t.*, q.file_number AS file, q.name AS psn_name,
      s.policy_date, s.setl_time, s.clr_optins, s.clr_type, s.clr_way, s.is_mid_stay, s.infno, s.fixmedins_code,
      v.begntime, v.endtime, s.invono
    FROM ${sql.raw(PERSON_LISTS.settlements.from)} JOIN settlement AS s ON s.setl_id = t.setl_id
      JOIN visit AS v ON v.mdtrt_id = s.mdtrt_id JOIN person AS q ON q.psn_no = t.psn_no
    WHERE t.setl_id = ${setlId} AND (${psnNo ?? null}::text IS NULL OR t.psn_no = ${psnNo ?? null})`.execute(
    store,
  );
  if (rows[0] === undefined) throw new YibaoError({ definition: apiErrors.notFound, value: setlId });
  return rows[0];
}

/** Lines, steps or accumulator changes of a settlement, as a list. */
export async function settlementPart(
  context: Context,
  { setlId, part }: { readonly setlId: string; readonly part: 'lines' | 'steps' | 'changes' },
  query: Parameters<typeof answerRows>[2],
  psnNo?: string,
): Promise<unknown> {
  if (part === 'steps') {
    const told = await explained(context, setlId, psnNo);
    const rows = told.steps.map((step, index) => ({
      position: index + 1,
      step: step.number,
      code: step.code,
      title: step.title[context.language],
      base_fen: step.base_fen,
      ratio: step.ratio,
      fund_pay_type: step.fund_pay_type,
      fund_pay_fen: step.fund_pay_fen,
      self_pay_fen: step.self_pay_fen,
      text: step.text[context.language],
      parameters: step.reasons.map(({ parameter, row }) => `${parameter}: ${row}`).join('; '),
    }));
    return answerRows(STEP_COLUMNS, rows, query, context);
  }
  await headOf(context.store, setlId, psnNo);
  const source = part === 'lines' ? FEE_LINES : CHANGES;
  return answerList(source, query, inStore(context.store), context, { setl_id: setlId });
}

const STEP_COLUMNS = {
  position: { title: { zh: '序', en: 'No.' }, kind: 'count' },
  step: { title: { zh: '步', en: 'Step' }, kind: 'count' },
  code: { title: { zh: '步骤编码', en: 'Code' } },
  title: { title: { zh: '步骤', en: 'Title' } },
  base_fen: { title: { zh: '进入', en: 'Base' }, kind: 'yuan' },
  ratio: { title: { zh: '比例', en: 'Ratio' } },
  fund_pay_type: { title: { zh: '基金', en: 'Fund' } },
  fund_pay_fen: { title: { zh: '基金支付', en: 'Fund pays' }, kind: 'yuan' },
  self_pay_fen: { title: { zh: '个人', en: 'Person' }, kind: 'yuan' },
  text: { title: { zh: '说明', en: 'In words' } },
  parameters: { title: { zh: '参数', en: 'Parameters' } },
} as const;
