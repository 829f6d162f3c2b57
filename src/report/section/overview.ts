import { fraction, roundTo } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { type ReportData, rateFen, type SchemeSummary, total } from '../data.ts';
import { count, mean, NONE, percent, scaled, tenThousandYuan, yuan } from '../format.ts';
import { both, type Html, html, type Section } from '../html.ts';
import { schemeName, UNIT } from '../words.ts';

type Card = {
  readonly title: Text;
  readonly value: string;
  readonly unit?: Text;
  /** The same value to the fen, or a share. */
  readonly exact?: string;
  readonly note: Text;
};

/** Key figures: one block of cards for each scheme, each card with its unit and what it means. */
export function overviewSection(data: ReportData, language: Language): Section {
  const refusedLists = total(data.refused, (row) => row.lists);
  const acceptedLists = total(data.schemes, (scheme) => scheme.cases);
  const areaCards: Card[] = [
    {
      title: { zh: '接收清单', en: 'Accepted lists' },
      value: count(acceptedLists),
      unit: UNIT.lists,
      note: {
        zh: '本年度出院、符合接收条件、参与清算的结算清单。',
        en: 'Settlement lists discharged in the year that take part.',
      },
    },
    {
      title: { zh: '拒收清单', en: 'Refused lists' },
      value: count(refusedLists),
      unit: UNIT.lists,
      note: {
        zh: '所有读入文件（含历史年度）中不符合接收条件的清单，不参与任何计算。',
        en: 'In all files read, history included; they take no part in any figure.',
      },
    },
    {
      title: { zh: '定点医疗机构', en: 'Institutions' },
      value: count(BigInt(data.institutions.length)),
      unit: UNIT.institutions,
      note: {
        zh: `其中 ${count(BigInt(data.institutions.filter((row) => row.cases > 0n).length))} 家本年度有清单。`,
        en: `${count(BigInt(data.institutions.filter((row) => row.cases > 0n).length))} of them have lists this year.`,
      },
    },
    {
      title: { zh: '病种组数', en: 'Groups' },
      value: count(BigInt(data.groups.filter((row) => row.group_code !== null).length)),
      unit: { zh: '组', en: 'groups' },
      note: {
        zh: '由前三年清单形成的核心与综合病种。',
        en: 'Core and comprehensive groups made from three years of history.',
      },
    },
  ];
  return {
    id: 'overview',
    title: { zh: '关键数字', en: 'Key figures' },
    body: html`<div class="cards">${areaCards.map((card) => cardHtml(card, language))}</div>
${data.schemes.map((scheme) => schemeBlock(scheme, data.weightUnit, language))}
${data.schemes.length === 0 ? html`<p class="empty">${both({ zh: '没有任何险种的预算。', en: 'No scheme has a budget.' }, language)}</p>` : undefined}`,
  };
}

/** The rate for a weight of 1, to the fen. */
const rateCard = (title: Text, pointValue8: bigint | null, unit: bigint): Card => ({
  title,
  value: scaled(rateFen(pointValue8, unit), 2),
  unit: UNIT.rate,
  note: { zh: `权重 1 的费率，即点值 × ${unit}。`, en: `For a weight of 1: point value × ${unit}.` },
});

function schemeBlock(scheme: SchemeSummary, weightUnit: bigint | undefined, language: Language): Html {
  const none: Text = { zh: '本年度没有清单，无法计算。', en: 'No lists this year, so there is none.' };
  const cards: Card[] = [
    {
      title: { zh: '统筹基金预算', en: 'Fund budget' },
      value: tenThousandYuan(scheme.budget_fen),
      unit: UNIT.tenThousandYuan,
      exact: `${yuan(scheme.budget_fen)} 元`,
      note: { zh: '本年度可分配的统筹基金。', en: 'Fund money to be distributed for the year.' },
    },
    {
      title: { zh: '结算清单', en: 'Lists' },
      value: count(scheme.cases),
      unit: UNIT.lists,
      note: { zh: '本险种本年度接收的清单。', en: 'Accepted lists of the scheme in the year.' },
    },
    {
      title: { zh: '医疗总费用', en: 'Total cost' },
      value: tenThousandYuan(scheme.cost_fen),
      unit: UNIT.tenThousandYuan,
      exact: `${yuan(scheme.cost_fen)} 元`,
      note: { zh: '清单医疗费总额之和。', en: 'Sum of the total fees of the lists.' },
    },
    {
      title: { zh: '记账基金', en: 'Fund booked' },
      value: tenThousandYuan(scheme.fund_fen),
      unit: UNIT.tenThousandYuan,
      exact: `${yuan(scheme.fund_fen)} 元`,
      note: {
        zh: `出院结算时已记账的基金支付，占总费用 ${percent(scheme.fund_fen, scheme.cost_fen)}。`,
        en: `Fund payments booked at discharge, ${percent(scheme.fund_fen, scheme.cost_fen)} of the cost.`,
      },
    },
    {
      title: { zh: '总分值', en: 'Points' },
      value: count(roundTo(fraction(scheme.points4, 10_000n), 0)),
      unit: UNIT.points,
      exact: `${scaled(scheme.points4, 4)} 分`,
      note: { zh: '全部清单分值之和。', en: 'Points of all lists together.' },
    },
    {
      title: { zh: '年初点值', en: 'Start-of-year point value' },
      value: scaled(scheme.start_point_value8, 8),
      unit: UNIT.pointValue,
      note: {
        zh: '由前三年费用与分值测算，用于月预结算。',
        en: 'From three years of history; used for the months.',
      },
    },
    {
      title: { zh: '结算点值', en: 'Settlement point value' },
      value: scaled(scheme.settlement_point_value8, 8),
      unit: UNIT.pointValue,
      note:
        scheme.settlement_point_value8 === null
          ? none
          : { zh: '（预算＋非基金支付）÷ 总分值。', en: '(budget + non-fund payments) / points.' },
    },
    ...(weightUnit === undefined
      ? []
      : [
          rateCard({ zh: '年初费率', en: 'Start-of-year rate' }, scheme.start_point_value8, weightUnit),
          rateCard({ zh: '结算费率', en: 'Settlement rate' }, scheme.settlement_point_value8, weightUnit),
        ]),
    {
      title: { zh: '次均费用', en: 'Average cost per case' },
      value: yuan(mean(scheme.cost_fen, scheme.cases)),
      unit: { zh: '元/例', en: 'yuan per case' },
      note: scheme.cases === 0n ? none : { zh: '总费用 ÷ 清单数。', en: 'Total cost / lists.' },
    },
    {
      title: { zh: '清算结果', en: 'Clearing result' },
      value: tenThousandYuan(scheme.result_fen),
      unit: UNIT.tenThousandYuan,
      exact: `${yuan(scheme.result_fen)} 元`,
      note: {
        zh: `考核与审核后应付各机构的基金，占预算 ${percent(scheme.result_fen, scheme.budget_fen)}。`,
        en: `Due to institutions after assessment and audit, ${percent(scheme.result_fen, scheme.budget_fen)} of the budget.`,
      },
    },
    {
      title: { zh: '留存', en: 'Residual' },
      value: tenThousandYuan(scheme.residual_fen),
      unit: UNIT.tenThousandYuan,
      exact: `${yuan(scheme.residual_fen)} 元`,
      note: {
        zh: '预算中未付给机构的部分：考核、审核扣减及未分配。',
        en: 'Budget not paid out: assessment, audit and what was not distributed.',
      },
    },
  ];
  return html`<section class="scheme"><h3>${both(schemeName(scheme.insutype), language)} <code>${scheme.insutype}</code></h3>
<div class="cards">${cards.map((card) => cardHtml(card, language))}</div></section>`;
}

function cardHtml({ title, value, unit, exact, note }: Card, language: Language): Html {
  return html`<div class="card"><h4>${both(title, language)}</h4>
<p class="value"><span>${value}</span>${unit && value !== NONE ? html` <span class="unit">${both(unit, language)}</span>` : undefined}</p>
${exact && value !== NONE ? html`<p class="exact">= ${exact}</p>` : undefined}
<p class="note">${both(note, language)}</p></div>
`;
}
