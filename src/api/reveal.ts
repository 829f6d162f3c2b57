import type { z } from 'zod';
import type { Text } from '#kernel/locale.ts';
import { revealBody } from './contract/run.ts';
import { type Context, type Route, route } from './route.ts';

/**
 * Something with personal data: masked by GET, whole by POST …/reveal for a reason that the audit log keeps. Two routes of one handler.
 */
export const shownOrRevealed = <P extends z.ZodType<Record<string, unknown>>>(given: {
  readonly url: string;
  readonly action: string;
  /** the action of the permissions table that shows it whole */
  readonly revealAction: string;
  readonly summary: Text;
  readonly params: P;
  readonly answer: z.ZodType;
  readonly read: (params: z.output<P>, context: Context, isRevealed: boolean) => Promise<unknown>;
}): Route[] => {
  const { url, action, revealAction, summary, params, answer, read } = given;
  return [
    route({
      ...{ method: 'GET', url, action, params, answer },
      summary: { zh: `${summary.zh}，个人信息已遮盖`, en: `${summary.en}, masked` },
      handle: async (parts, context) => read(parts.params, context, false),
    }),
    route({
      ...{ method: 'POST', url: `${url}/reveal`, action: revealAction, params, answer },
      summary: {
        zh: `${summary.zh}，含个人信息；须说明理由，记入审计日志`,
        en: `${summary.en}, with personal data; the reason is kept in the audit log`,
      },
      body: revealBody,
      isSecret: true,
      inTransaction: true,
      handle: async (parts, context) => {
        context.note({ ...(parts.params as Record<string, unknown>), reason: parts.body.reason });
        return read(parts.params, context, true);
      },
    }),
  ];
};
