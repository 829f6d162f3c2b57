import { interfaceErrors, listOverlays, setAreaRules, setSecurity } from '#interface/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import {
  doneSchema,
  interfaceAreaBody,
  interfaceAreaParams,
  interfaceInstitutionPage,
  interfaceInstitutionParams,
  interfaceInstitutionQuery,
  interfaceKeysSchema,
  interfaceSecurityBody,
} from '../contract/hospital-interface.ts';
import { answerList, type ListSource } from '../list.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';

const INSTITUTIONS: ListSource = {
  from: `(SELECT fixmedins_code AS code, name, area_id AS "areaId", dialect, is_signed AS "isSigned",
    is_encrypted AS "isEncrypted", access_key AS "accessKey", is_open AS "isOpen" FROM interface_institution) AS t`,
  key: 'code',
  columns: {
    code: { title: { zh: '机构代码', en: 'Institution' }, filter: 'begins' },
    name: { title: { zh: '机构名称', en: 'Name' } },
    areaId: { title: { zh: '地区', en: 'Area' }, filter: 'equal' },
    dialect: { title: { zh: '接入方式', en: 'Dialect' } },
    isSigned: { title: { zh: '验签', en: 'Signed' } },
    isEncrypted: { title: { zh: '加密', en: 'Encrypted' } },
    accessKey: { title: { zh: '访问标识', en: 'Access key' } },
    isOpen: { title: { zh: '开通', en: 'Open' } },
  },
};

export const hospitalInterfaceRoutes = [
  route({
    method: 'GET',
    url: '/api/interface/institutions',
    action: 'interface.read',
    summary: { zh: '机构的接入方式', en: 'how institutions are connected' },
    query: interfaceInstitutionQuery,
    answer: interfaceInstitutionPage,
    handle: async ({ query }, context) => answerList(INSTITUTIONS, query, inStore(context.store), context),
  }),
  route({
    method: 'PUT',
    url: '/api/interface/institutions/:code',
    action: 'interface.write',
    summary: {
      zh: '设置机构的接入方式与密钥，密钥只显示一次',
      en: 'set dialect and keys of an institution; the keys are shown once',
    },
    params: interfaceInstitutionParams,
    body: interfaceSecurityBody,
    answer: interfaceKeysSchema,
    isSecret: true,
    inTransaction: true,
    handle: async ({ params, body }, { store, note }) => {
      note({
        institution: params.code,
        dialect: body.dialect,
        isSigned: body.isSigned,
        isEncrypted: body.isEncrypted,
      });
      const { accessKey, secret, publicKey, ...rest } = body;
      return setSecurity(store, params.code, {
        ...rest,
        ...(accessKey === undefined ? {} : { accessKey }),
        ...(secret === undefined ? {} : { secret }),
        ...(publicKey === undefined ? {} : { publicKey }),
      });
    },
  }),
  route({
    method: 'PUT',
    url: '/api/interface/areas/:areaId',
    action: 'interface.write',
    summary: { zh: '设置地区的接口规则', en: 'set the rules of the interface in an area' },
    params: interfaceAreaParams,
    body: interfaceAreaBody,
    answer: doneSchema,
    inTransaction: true,
    handle: async ({ params, body }, { store, note }) => {
      note({ area: params.areaId, ...body });
      if (body.overlay !== undefined && body.overlay !== '' && !listOverlays().includes(body.overlay)) {
        throw new YibaoError({
          definition: interfaceErrors.noSuchOverlay,
          field: 'overlay',
          value: body.overlay,
        });
      }
      const rules = {
        overlay: body.overlay,
        is_sign_in_required: body.isSignInRequired,
        may_withdraw_submitted: body.mayWithdrawSubmitted,
        is_returned_rejected: body.isReturnedRejected,
        signature_valid_minutes: body.signatureValidMinutes,
      };
      await setAreaRules(
        store,
        params.areaId,
        Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined)),
      );
      return { done: true };
    },
  }),
];
