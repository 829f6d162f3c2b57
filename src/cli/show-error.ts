import { environmentErrors } from '#cli/errors.ts';
import { type Problem, renderProblem, YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { systemReason } from '#kernel/system-errors.ts';

/** Shown at the most; the rest is counted. */
const PROBLEMS_SHOWN_MAX = 50;

/** What the user reads on stderr when a command fails, ending in a line feed. */
export function errorText(error: unknown, language: Language): string {
  const problems = error instanceof YibaoError ? error.problems : [environmentProblem(error)];
  const lines = problems.slice(0, PROBLEMS_SHOWN_MAX).map((problem) => renderProblem(problem, language));
  const more = problems.length - PROBLEMS_SHOWN_MAX;
  if (more > 0) lines.push(language === 'zh' ? `……另有 ${more} 处问题` : `… and ${more} more problems`);
  if (process.env.YIBAO_DEBUG !== undefined) lines.push(String((error as Error).stack));
  return `${lines.join('\n')}\n`;
}

/** 2 usage, 3 input, 4 refused, 5 environment. */
export const exitCodeOf = (error: unknown): number => (error instanceof YibaoError ? error.exitCode : 5);

/** The engine says these in its own words, without an operating system code. */
const ENGINE_REASONS = [
  { pattern: /Out of Memory/i, code: 'ENOMEM' },
  { pattern: /No space left|Could not write|max_temp_directory_size/i, code: 'ENOSPC' },
];

function environmentProblem(error: unknown): Problem {
  const text = error instanceof Error ? error.message : String(error);
  const engineCode = ENGINE_REASONS.find(({ pattern }) => pattern.test(text))?.code;
  const reason = systemReason(error) ?? systemReason(Object.assign(new Error(), { code: engineCode }));
  if (reason === undefined) {
    return { definition: environmentErrors.unexpected, parameters: { text: text.split('\n')[0]! } };
  }
  const { path } = error as NodeJS.ErrnoException;
  const parameters = {
    reasonZh: reason.zh,
    reasonEn: reason.en,
    path: path === undefined ? '' : ` (${path})`,
  };
  return { definition: environmentErrors.system, parameters };
}
