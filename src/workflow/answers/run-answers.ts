import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { YibaoError } from '#kernel/errors.ts';
import type { Answered, Asked } from './answer-process.ts';
import type { RunQuestion } from './run-questions.ts';

type Waiting = {
  readonly resolve: (result: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: unknown) => void;
};

/** Asks a process of its own about runs; it is started with the first question, and again when it has died. */
export class RunAnswers {
  #child: ChildProcess | undefined;
  #number = 0;
  #isClosed = false;
  readonly #waiting = new Map<number, Waiting>();

  /** @throws YibaoError with what was wrong with the question, as the process says it */
  ask(question: RunQuestion): Promise<Readonly<Record<string, unknown>>> {
    if (this.#isClosed) return Promise.reject(new Error('the service is closing'));
    this.#child ??= this.#start();
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#child!.send({ number, question } satisfies Asked);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  #start(): ChildProcess {
    const child = fork(join(import.meta.dirname, 'answer-process.ts'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // problems may hold bigints
      serialization: 'advanced',
    });
    child.on('message', (answered: Answered) => {
      const waiting = this.#waiting.get(answered.number);
      this.#waiting.delete(answered.number);
      if ('result' in answered) waiting?.resolve(answered.result);
      else if ('problems' in answered) waiting?.reject(new YibaoError(answered.problems));
      else waiting?.reject(new Error('the answering process failed; its log says why'));
    });
    child.on('error', () => {});
    child.on('exit', () => {
      this.#child = undefined;
      for (const { reject } of this.#waiting.values()) reject(new Error('the answering process has ended'));
      this.#waiting.clear();
    });
    return child;
  }
}
