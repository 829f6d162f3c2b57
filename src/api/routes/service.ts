import { sql } from 'kysely';
import { register } from 'prom-client';
import { z } from 'zod';
import { route } from '../route.ts';

const alive = z.object({ status: z.literal('ok') });

export const serviceRoutes = [
  route({
    method: 'GET',
    url: '/health/live',
    action: 'service.read',
    summary: { zh: '进程在运行', en: 'the process runs' },
    answer: alive,
    handle: async () => ({ status: 'ok' }),
  }),
  route({
    method: 'GET',
    url: '/health/ready',
    action: 'service.read',
    summary: { zh: '可以接受请求：数据库有应答', en: 'ready for requests: the store answers' },
    answer: alive,
    handle: async (_parts, { store }) => {
      await sql`SELECT 1`.execute(store);
      return { status: 'ok' };
    },
  }),
  route({
    method: 'GET',
    url: '/metrics',
    action: 'service.read',
    summary: { zh: 'Prometheus 指标', en: 'metrics for Prometheus' },
    handle: async (_parts, { reply }) => reply.type(register.contentType).send(await register.metrics()),
  }),
];
