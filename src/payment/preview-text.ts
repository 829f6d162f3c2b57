import { KIND_TITLES, REASON_TITLES, stepText } from '#grouping/dip/index.ts';
import { fill, type Language, type Text } from '#kernel/locale.ts';
import type { OptionOf } from '#policy/index.ts';
import type { Deviation } from './points/score-case.ts';
import type { CasePreview, PreviewCandidate } from './preview-case.ts';

/**
 * Every sentence a preview may say. None may advise a change of the case: another operation, day, diagnosis, order of codes
 * or a second stay (src/payment/preview-case.test.ts).
 */
export const PREVIEW_TEXTS = {
  title: { zh: '病例 {case}：主要诊断 {diagnosis}', en: 'Case {case}: principal diagnosis {diagnosis}' },
  operations: { zh: '计入的手术操作：{codes}', en: 'operations that count: {codes}' },
  ignored: { zh: '不计入的编码：{codes}', en: 'codes that do not count: {codes}' },
  cost: { zh: '医疗费总额 {cost} 元', en: 'total cost {cost} yuan' },
  grouped: { zh: '入组：{group}（{kind}）', en: 'group: {group} ({kind})' },
  noGroup: { zh: '{kind}：{reason}', en: '{kind}: {reason}' },
  noCandidates: { zh: '目录中没有与本例相符的病种', en: 'no group of the catalogue fits this case' },
  chosen: { zh: '✔ {group} {name}（{kind}）', en: '✔ {group} {name} ({kind})' },
  satisfied: {
    zh: '· {group} {name}（{kind}）符合，未选：{why}',
    en: '· {group} {name} ({kind}) fits, not chosen: {why}',
  },
  notSatisfied: { zh: '· {group} {name}（{kind}）不符合', en: '· {group} {name} ({kind}) does not fit' },
  lost: { zh: '{step}：{rank}，入选者 {best}', en: '{step}: {rank}, the chosen one {best}' },
  points: {
    zh: '  分值 {score} × 系数 {coefficient} → 病例分值 {points}{deviation}',
    en: '  score {score} × coefficient {coefficient} → points {points}{deviation}',
  },
  type: {
    zh: '  辅助分型 {type}，分型系数 {coefficient}',
    en: '  auxiliary type {type}, coefficient {coefficient}',
  },
  adjusted: { zh: '  {adjustment} → {points}{reference}', en: '  {adjustment} → {points}{reference}' },
  notWorkedOut: {
    zh: '  未计入：{adjustments}（取决于其他病例）',
    en: '  not counted: {adjustments} (these hang on other cases)',
  },
  amount: { zh: '  × 点值 {value} 元 = {amount} 元', en: '  × point value {value} yuan = {amount} yuan' },
  low: { zh: '（低倍率）', en: ' (low outlier)' },
  normal: { zh: '（正常）', en: ' (normal)' },
  high: { zh: '（高倍率）', en: ' (high outlier)' },
  extreme: { zh: '（极高倍率）', en: ' (extreme outlier)' },
  'by-cost': { zh: '（按费用计分）', en: ' (scored by cost)' },
} as const satisfies Readonly<Record<string, Text>>;

/** What a preview calls the adjustments: the words of the policy, but for those that sound like advice. */
export const PREVIEW_ADJUSTMENTS = {
  incomplete: { zh: '不完整病例', en: 'incomplete case' },
  'bed-day': { zh: '床日病例', en: 'bed-day case' },
  tcm: { zh: '中医优势病组条件', en: 'conditions of the TCM group' },
  'outlier-cost': { zh: '极端费用病例按实际费用', en: 'outlier at its cost' },
  'high-share': { zh: '高倍率病例占比上限', en: 'share of high outliers' },
  readmission: { zh: '短期再住院', en: 'readmission' },
  'special-case': { zh: '特例单议', en: 'special-case review' },
  'add-on': { zh: '新药新技术点数', en: 'points for new drugs and technology' },
} as const satisfies Readonly<Record<OptionOf<'adjustment.steps'>, Text>>;

/** A preview as text for a terminal. */
export function previewText(caseId: string, preview: CasePreview, language: Language): string {
  const say = (name: keyof typeof PREVIEW_TEXTS, parameters: Record<string, string> = {}) =>
    fill(PREVIEW_TEXTS[name][language], parameters);
  const list = (codes: readonly string[]) => codes.join(language === 'zh' ? '、' : ', ') || '-';
  const lines = [
    say('title', { case: caseId, diagnosis: preview.diagnosis }),
    say('operations', { codes: list(preview.operations) }),
  ];
  if (preview.ignored.length > 0) {
    lines.push(say('ignored', { codes: list(preview.ignored.map(({ code }) => code)) }));
  }
  if (preview.cost !== undefined) lines.push(say('cost', { cost: preview.cost }));
  const kind = KIND_TITLES[preview.kind][language];
  lines.push(
    preview.group_code === undefined || preview.reason !== undefined
      ? say('noGroup', { kind, reason: preview.reason ? REASON_TITLES[preview.reason][language] : '' })
      : say('grouped', { group: preview.group_code, kind }),
  );
  if (preview.candidates.length === 0) lines.push(say('noCandidates'));
  for (const candidate of preview.candidates)
    lines.push(...candidateLines(candidate, preview, language, say));
  return lines.join('\n');
}

function candidateLines(
  candidate: PreviewCandidate,
  { point_value }: CasePreview,
  language: Language,
  say: (name: keyof typeof PREVIEW_TEXTS, parameters?: Record<string, string>) => string,
): string[] {
  const { grouping } = candidate;
  const named = {
    group: candidate.group_code,
    name: candidate.name,
    kind: KIND_TITLES[candidate.kind as keyof typeof KIND_TITLES][language],
  };
  if (candidate.state === 'not-satisfied') return [say('notSatisfied', named)];
  const why =
    grouping.outcome === 'lost'
      ? say('lost', { step: stepText(grouping.step, language), rank: grouping.rank, best: grouping.best })
      : '';
  const lines = [
    candidate.state === 'chosen' ? say('chosen', named) : say('satisfied', { ...named, why }),
    ...(candidate.type === undefined
      ? []
      : [say('type', { type: candidate.type, coefficient: candidate.type_coefficient! })]),
    say('points', {
      score: candidate.score!,
      coefficient: candidate.coefficient!,
      points: candidate.points_before ?? candidate.points!,
      deviation: candidate.deviation ? say(candidate.deviation as Deviation) : '',
    }),
  ];
  const title = (name: string) => PREVIEW_ADJUSTMENTS[name as keyof typeof PREVIEW_ADJUSTMENTS][language];
  for (const { adjustment, points, reference } of candidate.adjustments ?? []) {
    const shown = reference === '' ? '' : language === 'zh' ? `（${reference}）` : ` (${reference})`;
    lines.push(say('adjusted', { adjustment: title(adjustment), points, reference: shown }));
  }
  if (candidate.not_worked_out !== undefined) {
    const adjustments = candidate.not_worked_out.map(title).join(language === 'zh' ? '、' : ', ');
    lines.push(say('notWorkedOut', { adjustments }));
  }
  if (candidate.amount !== undefined) {
    lines.push(say('amount', { value: point_value!, amount: candidate.amount }));
  }
  return lines;
}
