import { type Problem, YibaoError } from '#kernel/errors.ts';
import { answer, type RunQuestion } from './run-questions.ts';

// The process that keeps runs open and answers what is asked of them, so that the server itself stays responsive.

export type Asked = { readonly number: number; readonly question: RunQuestion };
export type Answered = { readonly number: number } & (
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly problems: readonly Problem[] }
  /** a bug; the log says which */
  | { readonly hasFailed: true }
);

let last: Promise<void> = Promise.resolve();

process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', () => process.exit(143));
// Ctrl+C reaches the whole group: the server ends this process when it has finished with it
process.on('SIGINT', () => {});
process.on('message', ({ number, question }: Asked) => {
  last = last.then(async () => {
    let answered: Answered;
    try {
      answered = { number, result: await answer(question) };
    } catch (error) {
      if (error instanceof YibaoError) answered = { number, problems: error.problems };
      else {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        answered = { number, hasFailed: true };
      }
    }
    process.send!(answered);
  });
});
