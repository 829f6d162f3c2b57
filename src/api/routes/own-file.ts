import {
  findMember,
  lockPerson,
  type PersonFile,
  rateServiceRequest,
  readPersonFile,
} from '#enrolment/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { addFiling, endFiling } from '#visits/index.ts';
import {
  endFilingBody,
  endSharingBody,
  filedSchema,
  filingParams,
  ownFilingBody,
  ownPartParams,
  ownSharingBody,
  partPage,
  partQuery,
  personFileSchema,
  sharedSchema,
  sharingParams,
  visitSettlementParams,
  visitSettlementSchema,
} from '../contract/person.ts';
import {
  ownServiceRequest,
  ratingBody,
  requestMade,
  serviceRequestParams,
} from '../contract/service-request.ts';
import { apiErrors } from '../errors.ts';
import { answerList } from '../list.ts';
import { masked } from '../mask.ts';
import { PERSON_LISTS } from '../person-lists.ts';
import { emptyAnswer } from '../register.ts';
import { type Context, route } from '../route.ts';
import { inStore } from '../store-list.ts';
import { endShare, explained, personBody, share, today } from './persons.ts';
import { receiveRequest } from './service-requests.ts';

/**
 * What an insured person sees and does: the own file. The person is whom the user is bound to; no address, query or
 * body names one.
 */
export const ownFileRoutes = [
  route({
    method: 'GET',
    url: '/api/own-file',
    action: 'own-file.read',
    summary: { zh: '自己的参保、待遇与账户', en: 'one’s own entitlement and account' },
    answer: personFileSchema,
    handle: async (_parts, context) => personBody(context, await own(context)),
  }),
  route({
    method: 'GET',
    url: '/api/own-file/:part',
    action: 'own-file.read',
    summary: { zh: '自己档案的一部分', en: 'a part of one’s own file' },
    params: ownPartParams,
    query: partQuery,
    answer: partPage,
    handle: async ({ params, query }, context) => {
      const { psn_no } = await own(context);
      const run = inStore(context.store);
      // the family member is another person
      const rows = params.part === 'sharing' ? masked(run) : run;
      return answerList(PERSON_LISTS[params.part], query, rows, context, { psn_no });
    },
  }),
  route({
    method: 'GET',
    url: '/api/own-settlements/:setlId',
    action: 'own-file.read',
    summary: { zh: '自己的一次结算，逐步说明', en: 'one settlement of one’s own in words' },
    params: visitSettlementParams,
    answer: visitSettlementSchema,
    handle: async ({ params }, context) => explained(context, params.setlId, (await own(context)).psn_no),
  }),
  route({
    method: 'POST',
    url: '/api/own-file/filings',
    action: 'own-file.write',
    summary: { zh: '自助异地就医备案', en: 'file treatment or residence elsewhere' },
    body: ownFilingBody,
    answer: filedSchema,
    status: 201,
    inTransaction: true,
    handle: async ({ body }, context) => {
      const { psn_no } = await own(context);
      await lockPerson(context.store, psn_no);
      if (body.begndate < today()) {
        throw new YibaoError({
          definition: apiErrors.invalidRequest,
          field: 'body.begndate',
          parameters: { reason: `>= ${today()}` },
        });
      }
      const number = await addFiling(
        context.store,
        psn_no,
        {
          kind: body.biz_appy_type === '06' ? 'transfer' : 'designated',
          biz_appy_type: body.biz_appy_type,
          insutype: '',
          dise_codg: '',
          fixmedins_code: '',
          begndate: body.begndate,
          enddate: body.enddate,
          body,
          filed_by: context.login,
        },
        Temporal.Now.instant(),
      );
      context.note({ trt_dcla_detl_sn: number });
      return { trt_dcla_detl_sn: number };
    },
  }),
  route({
    method: 'POST',
    url: '/api/own-file/filings/:number/end',
    action: 'own-file.write',
    summary: { zh: '终止自己的备案', en: 'end a filing of one’s own' },
    params: filingParams,
    body: endFilingBody,
    answer: emptyAnswer,
    inTransaction: true,
    handle: async ({ params, body }, context) => {
      const { psn_no } = await own(context);
      // what was settled under it until today stands
      const lastDay = body.lastDay < today() ? today() : body.lastDay;
      await endFiling(context.store, params.number, lastDay, Temporal.Now.instant(), psn_no);
      context.note({ ...body, lastDay });
      return {};
    },
  }),
  route({
    method: 'POST',
    url: '/api/own-file/sharings',
    action: 'own-file.write',
    summary: { zh: '让家庭成员使用自己的账户', en: 'let a member of the family use one’s own account' },
    body: ownSharingBody,
    answer: sharedSchema,
    status: 201,
    // a wrong pair of name and certificate is a mistake; many are a search
    requestsPerMinute: 10,
    inTransaction: true,
    handle: async ({ body }, context) => {
      const { name, certno, ...span } = body;
      const { psn_no: ownerPsnNo } = await own(context);
      return share(context, {
        ownerPsnNo,
        userPsnNo: await findMember(context.store, { name, certno }),
        ...span,
      });
    },
  }),
  route({
    method: 'POST',
    url: '/api/own-file/sharings/:sharing/end',
    action: 'own-file.write',
    summary: {
      zh: '解除与自己有关的家庭共济',
      en: 'end a sharing of one’s own account, or of another’s with oneself',
    },
    params: sharingParams,
    body: endSharingBody,
    answer: emptyAnswer,
    inTransaction: true,
    handle: async ({ params, body }, context) =>
      endShare(context, params.sharing, body, (await own(context)).psn_no),
  }),
  route({
    method: 'POST',
    url: '/api/own-file/requests',
    action: 'own-file.write',
    summary: { zh: '在线申请服务事项', en: 'ask for a service online' },
    body: ownServiceRequest,
    answer: requestMade,
    status: 201,
    inTransaction: true,
    handle: async ({ body }, context) => {
      const { psn_no } = await own(context);
      return receiveRequest(context, { ...body, psnNo: psn_no, applicant: '', channel: 'online' });
    },
  }),
  route({
    method: 'POST',
    url: '/api/own-file/requests/:id/rating',
    action: 'own-file.write',
    summary: { zh: '评价自己的办件', en: 'rate a request of one’s own' },
    params: serviceRequestParams,
    body: ratingBody,
    answer: emptyAnswer,
    inTransaction: true,
    handle: async ({ params, body }, context) => {
      const { psn_no } = await own(context);
      await rateServiceRequest(context.store, params.id, body, psn_no);
      return {};
    },
  }),
];

/** @throws YibaoError api.not-found where the file of the user is gone */
async function own({ store, psnNo }: Pick<Context, 'store' | 'psnNo'>): Promise<PersonFile> {
  const file = psnNo === undefined ? undefined : await readPersonFile(store, psnNo);
  if (file === undefined) throw new YibaoError({ definition: apiErrors.notFound });
  return file;
}
