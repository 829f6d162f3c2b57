import type { Language } from '#kernel/locale.ts';
import type { Progress } from '#kernel/progress.ts';
import type { JobProblem } from '../tables.ts';
import { problemsForReaders } from './problems.ts';
import { WORK } from './work.ts';

// The process of one job: told what to do by its parent, it reports progress and then the result or what was wrong.

export type JobOrder = {
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly dataFolder: string;
  readonly language: Language;
};

export type JobMessage =
  | { readonly type: 'progress'; readonly stage: string; readonly sharePermille: number }
  | { readonly type: 'done'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly type: 'failed'; readonly problems: readonly JobProblem[] };

const REPORT_INTERVAL_MS = 200;

const send = (message: JobMessage): Promise<void> =>
  new Promise((resolve) => process.send!(message, () => resolve()));

/** Progress as messages, a few a second. */
function reportingProgress(): Progress {
  let stage = '';
  let sentAt = 0;
  const report = (share: number, text: string, force: boolean) => {
    if (!force && performance.now() - sentAt < REPORT_INTERVAL_MS) return;
    sentAt = performance.now();
    void send({ type: 'progress', stage: text, sharePermille: Math.round(Math.min(1, share) * 1000) });
  };
  return {
    stage(name, share) {
      stage = name;
      report(share, stage, true);
    },
    update(share, detail = '') {
      report(share, detail === '' ? stage : `${stage} ${detail}`, false);
    },
    done() {},
  };
}

// when the server dies, so does its work: at the next start the job is found interrupted
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', () => process.exit(143));
process.on('message', async (order: JobOrder) => {
  try {
    const work = await WORK[order.kind]!();
    const result = await work(order.input, {
      dataFolder: order.dataFolder,
      language: order.language,
      progress: reportingProgress(),
    });
    await send({ type: 'done', result });
  } catch (error) {
    await send({ type: 'failed', problems: problemsForReaders(error) });
  }
  process.exit(0);
});
