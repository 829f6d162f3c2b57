/**
 * Uploads of settlement lists: `npm run bench:upload -- [lists] [a second]` starts PostgreSQL, the hospital interface in a
 * process of its own, and sends lists with the client of `yibao hospital send`. Says how many a second were taken, and how long
 * one took. Processor time is said beside, because it does not depend on what else the machine does.
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ListMessage } from '../src/claims/quality/index.ts';
import { sendLists } from '../src/interface/index.ts';
import { HOSPITAL, list4101A } from '../test/support/hospital-service.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { postmasterOf, processorTimes } from './processor-time.ts';

const [lists = 4000, rate = 250] = process.argv.slice(2).map(Number);
const CONCURRENCY = 16;

const port = await new Promise<number>((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address() as { port: number };
    server.close(() => resolve(free));
  });
});
const postgres = await startPostgres();
const script = join(import.meta.dirname, '..', 'test', 'support', 'hospital-process.ts');
const service = fork(script, [postgres.url, String(port)]);
try {
  await new Promise((resolve) => service.once('message', resolve));
  const postmaster = await postmasterOf(postgres.url);
  const processor = () => processorTimes([service.pid!], postmaster);
  const send = async (first: number, count: number, most: number | undefined) => {
    const messages = async function* (): AsyncGenerator<readonly ListMessage[]> {
      for (let at = first; at < first + count; at++) {
        const setlId = `B${at}`;
        yield [{ fixmedinsCode: HOSPITAL, setlId, file: 'made', row: at, input: list4101A(setlId) }];
      }
    };
    const times: number[] = [];
    const started = performance.now();
    const before = processor();
    await sendLists(
      messages(),
      {
        url: `http://127.0.0.1:${port}`,
        keys: { dialect: 'plain', accessKey: '', secret: '' },
        areaCode: '430100',
        concurrency: CONCURRENCY,
        rate: most,
        submit: false,
        patience: 60,
      },
      (result) => {
        if (result.outcome === 'refused') throw new Error(result.reason);
        times.push(result.milliseconds);
      },
    );
    const seconds = (performance.now() - started) / 1000;
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
    const used = processor();
    const each = (part: keyof typeof used) => ((used[part] - before[part]) / count).toFixed(2);
    process.stdout.write(
      `${most === undefined ? 'as fast as it goes' : `${most} a second wanted`}: ${(count / seconds).toFixed(0)} lists a second, ` +
        `median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${times.at(-1)} ms, ` +
        `processor time each: service ${each('service')} ms, PostgreSQL ${each('database')} ms, client ${each('client')} ms\n`,
    );
  };
  await send(0, 500, undefined);
  await send(500, lists, rate);
  await send(500 + lists, lists, undefined);
} finally {
  service.kill('SIGKILL');
  await postgres.stop();
}
