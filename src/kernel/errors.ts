import { fill, type Language, type Text } from '#kernel/locale.ts';

/** Exit codes of the command line: 2 usage, 3 input, 4 refused, 5 environment. */
export type ExitCode = 2 | 3 | 4 | 5;

/** What can go wrong, once for all its occurrences. Texts may hold `{parameter}` places. */
export type ErrorDefinition = {
  /** `module.what-is-wrong` */
  readonly code: string;
  readonly exit: ExitCode;
  readonly message: Text;
  /** What the reader can do about it. */
  readonly remedy: Text;
};

/** One occurrence: the definition and the place where it was found. `row` is the line of the file, from 1. */
export type Problem = {
  readonly definition: ErrorDefinition;
  readonly file?: string | undefined;
  readonly row?: number | undefined;
  readonly field?: string | undefined;
  readonly value?: string | undefined;
  readonly parameters?: Readonly<Record<string, string | number | bigint>>;
};

/** A refusal with all the problems found, so that a clerk can mend them in one go. */
export class YibaoError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map((problem) => renderProblem(problem, 'en')).join('\n'), options);
    this.name = 'YibaoError';
    this.problems = list;
  }

  get exitCode(): ExitCode {
    return this.problems[0]?.definition.exit ?? 5;
  }
}

/** Longest piece of a reader's own value that a message repeats. */
const VALUE_SHOWN_CHARACTERS_MAX = 60;

/** `file:row field "value": what is wrong. Remedy: what to do. [code]` in the reader's language. */
export function renderProblem(problem: Problem, language: Language): string {
  const { definition, file, row, field, value } = problem;
  const parameters = {
    file: file ?? '',
    row: row ?? '',
    field: field ?? '',
    value: value ?? '',
    ...problem.parameters,
  };
  const shown =
    value === undefined
      ? undefined
      : value.length > VALUE_SHOWN_CHARACTERS_MAX
        ? `${value.slice(0, VALUE_SHOWN_CHARACTERS_MAX)}…`
        : value;
  const message = fill(definition.message[language], parameters);
  const remedy = fill(definition.remedy[language], parameters);
  const place =
    language === 'zh'
      ? [
          file,
          row === undefined ? undefined : `第 ${row} 行`,
          field === undefined ? undefined : `字段 ${field}`,
          shown === undefined ? undefined : `值“${shown}”`,
        ]
      : [
          file,
          row === undefined ? undefined : `line ${row}`,
          field === undefined ? undefined : `field ${field}`,
          shown === undefined ? undefined : `value "${shown}"`,
        ];
  const where = place.filter((part) => part !== undefined).join(language === 'zh' ? '，' : ', ');
  return language === 'zh'
    ? `${where ? `${where}：` : ''}${message}。处理：${remedy}。[${definition.code}]`
    : `${where ? `${where}: ` : ''}${message}. Remedy: ${remedy}. [${definition.code}]`;
}
