import { chainAudit } from '#identity/index.ts';
import { auditPage, auditQuery } from '../contract/audit.ts';
import { answerList, type ListSource } from '../list.ts';
import { route } from '../route.ts';
import { inStore } from '../store-list.ts';

const ENTRIES: ListSource = {
  from: 'audit_entry',
  key: 'number DESC',
  columns: {
    number: { title: { zh: '序号', en: 'Number' }, kind: 'count' },
    at: { title: { zh: '时间', en: 'Time' } },
    login: { title: { zh: '用户', en: 'User' }, filter: 'begins' },
    role: { title: { zh: '角色', en: 'Role' } },
    action: { title: { zh: '操作', en: 'Action' }, filter: 'begins' },
    subject: { title: { zh: '对象', en: 'Subject' } },
    outcome: { title: { zh: '结果', en: 'Outcome' }, filter: 'equal' },
    detail: { title: { zh: '详情', en: 'Detail' } },
    hash: { title: { zh: '链值', en: 'Hash' } },
  },
};

export const auditRoutes = [
  route({
    method: 'GET',
    url: '/api/audit',
    action: 'audit.read',
    summary: { zh: '审计日志，新的在前', en: 'the audit log, the newest first' },
    query: auditQuery,
    answer: auditPage,
    handle: async ({ query }, context) => {
      await chainAudit(context.store);
      return answerList(ENTRIES, query, inStore(context.store), context);
    },
  }),
];
