import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { JobMessage, JobOrder } from './job-process.ts';

/**
 * Does one piece of work in a process of its own.
 * @returns its process, and its last word: undefined when it ended without one
 */
export function startWork(
  order: JobOrder,
  onProgress: (message: JobMessage & { type: 'progress' }) => void = () => {},
): { readonly child: ChildProcess; readonly end: Promise<JobMessage | undefined> } {
  const child = fork(join(import.meta.dirname, 'job-process.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const end = new Promise<JobMessage | undefined>((resolve) => {
    let last: JobMessage | undefined;
    child.on('message', (message: JobMessage) => {
      if (message.type === 'progress') onProgress(message);
      else last = message;
    });
    child.on('error', () => {});
    child.on('exit', () => resolve(last));
  });
  child.send(order);
  return { child, end };
}
