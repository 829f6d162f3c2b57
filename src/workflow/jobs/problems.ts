import { renderProblem, YibaoError } from '#kernel/errors.ts';
import type { JobProblem } from '../tables.ts';

const PROBLEMS_KEPT_MAX = 1_000;

/** What was wrong, as another process is told; a bug goes to the log and is only named. */
export function problemsForReaders(error: unknown): JobProblem[] {
  if (error instanceof YibaoError) {
    return error.problems.slice(0, PROBLEMS_KEPT_MAX).map((problem) => ({
      code: problem.definition.code,
      zh: renderProblem(problem, 'zh'),
      en: renderProblem(problem, 'en'),
    }));
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return [
    {
      code: 'workflow.unexpected',
      zh: '程序出错，详情见服务日志',
      en: 'the program failed; the log of the service has the details',
    },
  ];
}
