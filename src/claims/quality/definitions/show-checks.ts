import { YibaoError } from '#kernel/errors.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { displayWidth, wrapText } from '#kernel/text-width.ts';
import { qualityErrors } from '../errors.ts';
import { fieldName } from '../fields.ts';
import {
  type Check,
  type CheckBasis,
  DIMENSIONS,
  EVIDENCE_TITLES,
  LEVEL_TITLES,
  type Term,
} from './check.ts';
import type { CheckSet } from './load-checks.ts';

const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(1, width - displayWidth(text)));
const LINE_WIDTH = 110;

const basisText = ({ documentTitle, article, evidence }: CheckBasis, language: Language): string => {
  const kinds = evidence.map((each) => EVIDENCE_TITLES[each][language]).join(language === 'zh' ? '、' : ', ');
  return `${documentTitle[language]}${article ? ` ${article}` : ''}${language === 'zh' ? `（${kinds}）` : ` (${kinds})`}`;
};

/** Every check on a line: id, level, dimension, title, basis; then the rules that cannot be computed. */
export function checkList({ checks, notComputable }: CheckSet, language: Language): string {
  const zh = language === 'zh';
  const lines = checks.map((check) => {
    const { level, enabled, basis } = check.values.at(-1)!;
    const off = enabled ? '' : zh ? '（未启用）' : ' (not enabled)';
    return `${pad(check.id, 7)}${pad(LEVEL_TITLES[level][language], 9)}${pad(DIMENSIONS[check.dimension][language], zh ? 13 : 26)}${pad(check.title[language] + off, zh ? 50 : 62)}${basisText(basis, language)}`;
  });
  const rest = notComputable.map(
    ({ rule, level, dimension, title, reason }) =>
      `${pad(rule, 7)}${pad(LEVEL_TITLES[level][language], 9)}${pad(DIMENSIONS[dimension][language], zh ? 13 : 26)}${pad(title[language], zh ? 50 : 62)}${reason[language]}`,
  );
  return [
    ...lines,
    '',
    zh
      ? `不能从清单计算的规则（${rest.length}）：`
      : `Rules that cannot be computed from lists (${rest.length}):`,
    ...rest,
  ].join('\n');
}

/**
 * One check, or all parts of a rule, in words: what it does, its fields, thresholds by date, sources.
 * @throws YibaoError quality.unknown-check
 */
export function explainCheck(set: CheckSet, id: string, language: Language): string {
  const wanted = id.trim().replace(/^q/, 'Q').replace(/^n/, 'N');
  const checks = set.checks.filter((check) => check.id === wanted || check.rule === wanted);
  const rest = set.notComputable.find(({ rule }) => rule === wanted);
  if (rest) {
    const zh = language === 'zh';
    return `${rest.rule} ${rest.title[language]}\n${zh ? '不能从清单计算：' : 'cannot be computed from lists: '}${rest.reason[language]}`;
  }
  if (checks.length === 0) throw new YibaoError({ definition: qualityErrors.unknownCheck, value: id });
  return checks.map((check) => oneCheck(check, language)).join('\n\n');
}

function oneCheck(check: Check, language: Language): string {
  const zh = language === 'zh';
  const row = (title: Text, text: string) =>
    text === ''
      ? []
      : [
          `  ${pad(title[language], 14)}${wrapText(text, LINE_WIDTH).replaceAll('\n', `\n${' '.repeat(16)}`)}`,
        ];
  const values = check.values.map(({ from, level, returned, enabled, thresholds }) =>
    [
      `${from}`,
      LEVEL_TITLES[level][language],
      returned ? (zh ? '退回' : 'returned') : '',
      enabled ? '' : zh ? '未启用' : 'not enabled',
      ...Object.entries(thresholds).map(([name, value]) => `${name} = ${value}`),
    ]
      .filter(Boolean)
      .join(zh ? '，' : ', '),
  );
  return [
    `${check.id} ${check.title[language]}`,
    ...row({ zh: '类型', en: 'type' }, `${check.type.title[language]} (${check.type.name})`),
    ...row({ zh: '维度', en: 'dimension' }, DIMENSIONS[check.dimension][language]),
    ...row({ zh: '做法', en: 'how' }, check.type.explanation[language]),
    ...row(
      { zh: '条件', en: 'terms' },
      check.terms.map((term) => termText(term, language)).join(zh ? '；' : '; '),
    ),
    ...row({ zh: '所需字段', en: 'fields needed' }, check.needs.join(zh ? '、' : ', ')),
    ...row({ zh: '所需的表', en: 'table needed' }, check.reference ?? ''),
    ...row({ zh: '生效', en: 'in force from' }, values.join(zh ? '；' : '; ')),
    ...row({ zh: '依据', en: 'basis' }, basisText(check.values.at(-1)!.basis, language)),
    ...row({ zh: '问题', en: 'reason' }, check.reason[language]),
    ...row({ zh: '处理', en: 'remedy' }, check.remedy[language]),
    ...row({ zh: '写在', en: 'written in' }, `${check.file}:${check.line}`),
  ].join('\n');
}

function termText(term: Term, language: Language): string {
  const number = (value: bigint) => (value % 100n === 0n ? String(value / 100n) : `${value}/100`);
  const parts = [
    term.field ? `${fieldName(term.node!, term.field)[language]} ${term.node}.${term.field}` : '',
    term.form ? `[${term.form}]` : '',
    term.op ?? '',
    term.texts.join('|'),
    term.low2 === null ? '' : `≥ ${number(term.low2)}`,
    term.high2 === null ? '' : `≤ ${number(term.high2)}`,
    term.step2 === null ? '' : `× ${number(term.step2)}`,
    term.what ?? '',
    term.codeFrom === null
      ? ''
      : term.codeFrom === term.codeTo
        ? term.codeFrom
        : `${term.codeFrom}–${term.codeTo}`,
    term.list === null ? '' : `∈ ${term.list}`,
    term.pattern ?? '',
  ];
  return `${term.role}: ${parts.filter(Boolean).join(' ')}`;
}
