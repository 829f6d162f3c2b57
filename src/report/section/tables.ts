import type { Language } from '#kernel/locale.ts';
import { LAYER_TITLES, UNIT_TITLES } from '#policy/index.ts';
import { type ClearingRow, type ReportData, total } from '../data.ts';
import { count, percent, scaled, yuan } from '../format.ts';
import { both, html, type Section, table } from '../html.ts';
import { joined, levelName, schemeName, UNIT } from '../words.ts';

/** The annual clearing of every institution, to the fen, one table for each scheme. */
export function clearingSection(data: ReportData, language: Language): Section {
  const amounts: readonly ((row: ClearingRow) => bigint)[] = [
    (row) => row.due_fen,
    (row) => row.assessed_fen,
    (row) => row.audit_deduction_fen,
    (row) => row.result_fen,
    (row) => row.monthly_paid_fen,
    (row) => row.advance_paid_fen,
    (row) => row.clearing_cash_fen,
  ];
  return {
    id: 'clearing',
    title: { zh: '机构年度清算', en: 'Annual clearing' },
    body: html`<p>${both(
      {
        zh: '清算现金＝清算结果－已付月预结算－已付预付金；负数为机构应退回的金额。',
        en: 'Clearing cash = result − paid monthly − paid in advance; negative money comes back.',
      },
      language,
    )}</p>
${data.schemes.map((scheme) => {
  const rows = data.clearing.filter((row) => row.insutype === scheme.insutype);
  return table(
    {
      className: 'wide',
      caption: schemeName(scheme.insutype),
      columns: [
        { title: { zh: '医疗机构', en: 'Institution' } },
        { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
        { title: { zh: '应付', en: 'Due' }, unit: UNIT.yuan },
        { title: { zh: '考核后', en: 'Assessed' }, unit: UNIT.yuan },
        { title: { zh: '审核扣减', en: 'Audit' }, unit: UNIT.yuan },
        { title: { zh: '清算结果', en: 'Result' }, unit: UNIT.yuan },
        { title: { zh: '已付月结', en: 'Monthly' }, unit: UNIT.yuan },
        { title: { zh: '预付金', en: 'Advance' }, unit: UNIT.yuan },
        { title: { zh: '清算现金', en: 'Cash' }, unit: UNIT.yuan },
      ],
      rows: rows.map((row) => [
        html`${row.name ?? ''} <code>${row.fixmedins_code}</code>`,
        count(row.cases),
        ...amounts.map((amount) => yuan(amount(row))),
      ]),
      total: [
        joined({ zh: '合计', en: 'Total' }, language),
        count(total(rows, (row) => row.cases)),
        ...amounts.map((amount) => yuan(total(rows, amount))),
      ],
      empty: {
        zh: `${schemeName(scheme.insutype).zh}没有机构参与清算；全部预算进入留存。`,
        en: `No institution takes part in the ${schemeName(scheme.insutype).en.toLowerCase()}; its budget stays in the residual.`,
      },
    },
    language,
  );
})}`,
  };
}

const REASONS_SHOWN = 25;

/** Refused lists by reason, without the values quoted in it. */
export function refusedSection(data: ReportData, language: Language): Section {
  const lists = total(data.refused, (row) => row.lists);
  const shown = data.refused.slice(0, REASONS_SHOWN);
  const further = data.refused.length - shown.length;
  return {
    id: 'refused',
    title: { zh: '拒收清单', en: 'Refused lists' },
    body: table(
      {
        className: 'text',
        caption: {
          zh: `按原因，引号内的值从略${further > 0 ? `；另有 ${further} 种原因` : ''}（逐条见经办机构工作簿）`,
          en: `By reason, quoted values left out${further > 0 ? `; ${further} further reasons` : ''} (each list in the agency's workbook)`,
        },
        columns: [
          { title: { zh: '原因', en: 'Reason' } },
          { title: { zh: '清单', en: 'Lists' }, unit: UNIT.lists },
          { title: { zh: '占比', en: 'Share' }, unit: UNIT.percent },
          { title: { zh: '例如（文件:行）', en: 'For example (file:line)' } },
        ],
        rows: shown.map((row) => [
          row.reason,
          count(row.lists),
          percent(row.lists, lists),
          html`<code>${row.first_place}</code>`,
        ]),
        total: [joined({ zh: '合计', en: 'Total' }, language), count(lists), percent(lists, lists), ''],
        empty: { zh: '没有拒收清单。', en: 'No list was refused.' },
      },
      language,
    ),
  };
}

/** The numbers of the policy that were used, and the coefficients made from the history. */
export function parametersSection(data: ReportData, language: Language): Section {
  return {
    id: 'parameters',
    title: { zh: '参数与依据', en: 'Parameters and their sources' },
    body: html`${table(
      {
        caption: { zh: '政策参数', en: 'Policy parameters' },
        className: 'text',
        columns: [
          { title: { zh: '参数', en: 'Parameter' } },
          { title: { zh: '值', en: 'Value' } },
          { title: { zh: '单位', en: 'Unit' } },
          { title: { zh: '层级', en: 'Layer' } },
          { title: { zh: '文件', en: 'Document' } },
          { title: { zh: '条款', en: 'Article' } },
          { title: { zh: '生效日期', en: 'In force from' } },
        ],
        rows: data.parameters.map((row) => [
          html`${language === 'zh' ? row.title_zh : row.title_en} <code>${row.parameter}</code>`,
          row.value ?? '',
          UNIT_TITLES[row.unit][language],
          html`<span class="nowrap">${LAYER_TITLES[row.layer][language]} ${row.area ?? ''}</span>`,
          (language === 'zh' ? row.document_title_zh : row.document_title_en) ?? row.document ?? '',
          row.article ?? '',
          html`<span class="nowrap">${row.effective_from ?? ''}</span>`,
        ]),
        empty: { zh: '没有记录参数。', en: 'No parameters were recorded.' },
      },
      language,
    )}
${table(
  {
    caption: { zh: '机构等级系数', en: 'Coefficients by level' },
    columns: [
      { title: { zh: '等级', en: 'Level' } },
      { title: { zh: '系数', en: 'Coefficient' }, unit: UNIT.none },
      { title: { zh: '机构', en: 'Institutions' }, unit: UNIT.institutions },
    ],
    rows: data.coefficients.map((row) => [
      joined(levelName(row.level), language),
      scaled(row.coefficient4, 4),
      count(row.institutions),
    ]),
    empty: { zh: '没有系数。', en: 'There are no coefficients.' },
  },
  language,
)}`,
  };
}
