import type { Language, Text } from '#kernel/locale.ts';
import type { PolicyChange, PolicyDiff } from '#policy/diff.ts';
import type { Explanation, ExplanationStep } from '#policy/explain.ts';
import type { LayerName } from '#policy/layer.ts';
import type { CitedText, LayerStatement, Statement } from '#policy/statement.ts';
import { BASIS_TITLES, LAYER_TITLES, STATUS_TITLES, UNIT_TITLES } from '#policy/titles.ts';

const STATE_TITLES: Readonly<Record<ExplanationStep['state'], Text>> = {
  'in-force': { zh: '生效', en: 'in force' },
  overridden: { zh: '被更近的层取代', en: 'overridden by a nearer layer' },
  ended: { zh: '已终止，由外层接替', en: 'ended, the outer layer holds' },
  silent: { zh: '未规定', en: 'says nothing' },
};

const BASIS_UNSTATED: Text = { zh: '未注明', en: 'not stated' };
const NO_VALUE: Text = { zh: '没有生效的值', en: 'no value in force' };
const DOCUMENT_LATER: Text = {
  zh: '文件晚于生效日：此值系追溯采用',
  en: 'the document is later than the start: the value is applied backwards',
};

/** The explanation as lines for a terminal, ending in a line feed. */
export function renderExplanation(explanation: Explanation, language: Language): string {
  const { parameter, title, unit, asOf, knownAt, value, steps } = explanation;
  const inChinese = language === 'zh';
  const clocks = knownAt
    ? inChinese
      ? `${asOf}（按 ${knownAt} 所知）`
      : `${asOf} (as known on ${knownAt})`
    : asOf;
  const winner = steps.find((step) => step.state === 'in-force');
  const lines = [
    `${parameter}  ${title[language]}`,
    `${inChinese ? '日期' : 'date'}  ${clocks}`,
    `${inChinese ? '值' : 'value'}  ${value ?? NO_VALUE[language]}  [${UNIT_TITLES[unit][language]}]`,
  ];
  if (winner) lines.push(`${inChinese ? '层级' : 'layer'}  ${layerText(winner, language)}`);
  lines.push('', inChinese ? '各层（由外到内）：' : 'layers, outermost first:');
  for (const step of steps) {
    const mark = step.state === 'in-force' ? '→' : ' ';
    const shown = step.statement?.value ?? '—';
    lines.push(`${mark} ${layerText(step, language)}  ${shown}  ${STATE_TITLES[step.state][language]}`);
    if (step.statement) {
      lines.push(...statementLines(step.statement, language).map((line) => `    ${line}`));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The changes as lines for a terminal, ending in a line feed. */
export function renderDiff(diff: PolicyDiff, language: Language): string {
  const inChinese = language === 'zh';
  const { from, to, changes } = diff;
  const known = diff.knownAt
    ? inChinese
      ? `（按 ${diff.knownAt} 所知）`
      : ` (as known on ${diff.knownAt})`
    : '';
  if (changes.length === 0) {
    return inChinese ? `${from} 至 ${to}${known}没有变化。\n` : `${from} to ${to}${known}: no change.\n`;
  }
  const lines = [
    inChinese
      ? `${from} 至 ${to}${known}，变化 ${changes.length} 处：`
      : `${from} to ${to}${known}, changes: ${changes.length}`,
  ];
  for (const change of changes) lines.push('', ...changeLines(change, language));
  return `${lines.join('\n')}\n`;
}

function changeLines(change: PolicyChange, language: Language): string[] {
  const { date, parameter, title, unit, kind, before, after } = change;
  const what = `${date}  ${parameter}  ${title[language]} [${UNIT_TITLES[unit][language]}]`;
  const number = (side: LayerStatement | null) => side?.value ?? NO_VALUE[language];
  const sourceOnly = language === 'zh' ? '（数值不变，来源变化）' : ' (same number, another source)';
  const numbers =
    kind === 'source' ? `${number(after)}${sourceOnly}` : `${number(before)} → ${number(after)}`;
  const lines = [what, `    ${numbers}`];
  const labels = language === 'zh' ? (['原', '新'] as const) : (['before', 'after'] as const);
  for (const [label, side] of [
    [labels[0], before],
    [labels[1], after],
  ] as const) {
    if (side === null) continue;
    lines.push(`    ${label}  ${layerText(side, language)}  ${citationText(side.source, language)}`);
    lines.push(`        ${side.file}:${side.line}`);
  }
  return lines;
}

function layerText(
  { layer, area, name }: { layer: LayerName; area: string; name: string | null },
  language: Language,
): string {
  return [LAYER_TITLES[layer][language], area, name].filter((part) => part !== null).join(' ');
}

function statementLines(statement: Statement, language: Language): string[] {
  const { effectiveFrom, recorded, source, basis, note, see, file, line } = statement;
  const inChinese = language === 'zh';
  const start = inChinese ? `自 ${effectiveFrom}` : `from ${effectiveFrom}`;
  const record = recorded ? (inChinese ? `，${recorded} 记录` : `, recorded ${recorded}`) : '';
  const basisText = (basis ? BASIS_TITLES[basis] : BASIS_UNSTATED)[language];
  return [
    `${start}${record}  ${citationText(source, language)}`,
    ...(isLater(source, effectiveFrom) ? [DOCUMENT_LATER[language]] : []),
    // An ending has no number whose basis could be stated.
    ...(statement.value === null ? [] : [`${inChinese ? '依据性质' : 'basis'}  ${basisText}`]),
    ...(note ? [`${inChinese ? '说明' : 'note'}  ${note[language]}`] : []),
    ...see.map((each) => `${inChinese ? '参见' : 'see'}  ${citationText(each, language)}`),
    `${file}:${line}`,
  ];
}

/** `《title》（number，date，status）article`, or the same in English. */
export function citationText(cited: CitedText, language: Language): string {
  const { title, number, date, status, article } = cited;
  const facts = [number, date, STATUS_TITLES[status][language]].filter((part) => part !== null);
  return language === 'zh'
    ? `《${title.zh}》（${facts.join('，')}）${article ?? ''}`
    : `${title.en} (${facts.join(', ')})${article ? ` ${article}` : ''}`;
}

/** Whether all that is known of the document's date says that it came after the value's start. */
const isLater = ({ date }: CitedText, effectiveFrom: string): boolean =>
  date !== null && date > effectiveFrom.slice(0, date.length);
