import type { Language, Text } from '#kernel/locale.ts';
import { DIP_STEPS } from '#policy/index.ts';
import { entryOperationsText, type GroupKind } from './catalogue/group-catalogue.ts';
import type { Grouping, UngroupedReason } from './group-case.ts';
import type { IgnoredReason, Unmet, Verdict } from './steps/grouping-state.ts';
import { STEPS, type StepName } from './steps/steps.ts';

export const KIND_TITLES: Readonly<Record<GroupKind | 'blank' | 'ungrouped', Text>> = {
  'pre-group': { zh: '先期分组', en: 'pre-group' },
  merged: { zh: '并项', en: 'merged group' },
  'diagnosis-assisted': { zh: '诊断辅助细分', en: 'group divided by further diagnoses' },
  core: { zh: '核心病种', en: 'core group' },
  'primary-care': { zh: '基层病种', en: 'primary-care group' },
  tcm: { zh: '中医优势病种', en: 'TCM-favoured group' },
  'day-surgery': { zh: '日间手术病种', en: 'day-surgery group' },
  comprehensive: { zh: '综合病种', en: 'comprehensive group' },
  blank: { zh: '空白病种', en: 'blank group' },
  ungrouped: { zh: '未入组', en: 'ungrouped' },
};

export const REASON_TITLES: Readonly<Record<UngroupedReason, Text>> = {
  'diagnosis-excluded': {
    zh: '主要诊断在不作主要诊断的列表上',
    en: 'the principal diagnosis is on the list of codes that are never one',
  },
  'no-diagnosis': { zh: '没有主要诊断', en: 'there is no principal diagnosis' },
  'class-unknown': {
    zh: '主要手术操作的属性未知，综合病种的类别无法确定',
    en: 'the attribute of the principal operation is not known, and with it the class of comprehensive groups',
  },
  'no-group': { zh: '目录中没有符合的病种', en: 'no group of the catalogue is satisfied' },
};

export const IGNORED_TITLES: Readonly<Record<IgnoredReason, Text>> = {
  minor: { zh: '属性为 minor，不用于分组', en: 'minor, not used for grouping' },
  unused: { zh: '列为不用于分组', en: 'listed as not used for grouping' },
  'no-operation': { zh: '视同无手术操作', en: 'counts as no operation' },
  unknown: { zh: '手术操作列表中没有', en: 'absent from the list of operations' },
};

const UNMET: Readonly<Record<Unmet['what'], Text>> = {
  'operation-missing': { zh: '手术操作条件不满足', en: 'its operations are not those of the case' },
  'has-operations': { zh: '该病种用于没有手术操作的病例', en: 'is for cases without operations' },
  'other-diagnosis': { zh: '其他诊断条件不满足', en: 'its condition on other diagnoses is not met' },
  sex: { zh: '性别条件不满足', en: 'its condition on sex is not met' },
  'not-day-surgery': { zh: '不是日间手术', en: 'the case is no day surgery' },
  'other-class': { zh: '类别与主要手术操作不符', en: 'is of another class than the principal operation' },
  'class-unknown': { zh: '主要手术操作的类别未知', en: 'the class of the principal operation is not known' },
  'principal-not-named': { zh: '不含主要手术操作', en: 'does not name the principal operation' },
  number: { zh: '{field} 不在 {range}', en: '{field} is not in {range}' },
};

/** The step with its title, and the article it follows. */
export function stepText(step: StepName, language: Language): string {
  const { source } = STEPS[step];
  const basis =
    source === null
      ? { zh: '各地做法', en: 'practice' }
      : { zh: `DIP 3.0 稿 ${source[1]}`, en: `DIP 3.0 draft ${source[1]}` };
  return language === 'zh'
    ? `${step}（${DIP_STEPS[step].zh}；${basis.zh}）`
    : `${step} (${DIP_STEPS[step].en}; ${basis.en})`;
}

/** Why a group was or was not chosen, in words that advise nothing. */
export function verdictText(verdict: Verdict, language: Language): string {
  const zh = language === 'zh';
  switch (verdict.outcome) {
    case 'chosen':
      return zh ? '入组' : 'chosen';
    case 'not-satisfied': {
      const { unmet } = verdict;
      const text = UNMET[unmet.what][language];
      const shown =
        unmet.what === 'number' ? text.replace('{field}', unmet.field).replace('{range}', unmet.range) : text;
      return zh ? `不满足：${shown}` : `not satisfied: ${shown}`;
    }
    case 'lost':
      return zh
        ? `在 ${stepText(verdict.step, language)} 落选：${verdict.rank}，最优 ${verdict.best}`
        : `lost in ${stepText(verdict.step, language)}: ${verdict.rank}, best ${verdict.best}`;
    case 'later-step':
      return zh ? '之前的步骤已有病种' : 'an earlier step has a group';
    case 'not-looked-for':
      return zh ? '方案中没有查找这一类病种的步骤' : 'no step of the profile looks for its kind';
  }
}

/** How one case was grouped, as one line for a column of a file. */
export function explanationLine(grouping: Grouping, language: Language): string {
  const zh = language === 'zh';
  const { entry, ignored, candidates, decidedBy } = grouping;
  const kind = KIND_TITLES[grouping.kind][language];
  const steps = decidedBy.map((step) => stepText(step, language)).join(' → ');
  const result = entry
    ? `${entry.groupCode} ${kind} ← ${steps}`
    : `${grouping.groupCode ? `${grouping.groupCode} ` : ''}${kind}: ${grouping.reason ? REASON_TITLES[grouping.reason][language] : ''}`;
  const left = ignored.map(({ code, why }) => `${code}: ${IGNORED_TITLES[why][language]}`);
  const others = candidates
    .filter((candidate) => candidate.entry.groupCode !== grouping.groupCode)
    .map((candidate) => {
      const operations = entryOperationsText(candidate.entry);
      const name = `${candidate.entry.groupCode}${operations ? ` [${operations}]` : ''}`;
      return `${name}: ${verdictText(candidate.verdict, language)}`;
    });
  return [
    result,
    ...(left.length > 0 ? [`${zh ? '不计入' : 'not counted'} ${left.join(zh ? '，' : ', ')}`] : []),
    ...others,
  ].join(zh ? '；' : '; ');
}
