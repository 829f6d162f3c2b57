import type { Language, Text } from '#kernel/locale.ts';
import { type PartRow, type ReportData, total } from '../data.ts';
import { count, yuan } from '../format.ts';
import { both, html, type Section, table } from '../html.ts';
import { joined, partName, schemeName, UNIT } from '../words.ts';

const TITLE: Text = { zh: '各付费部分', en: 'Parts beside the grouped lists' };

/** Bed-days, capitation, fee for service and communities: what is due and what was paid of it. Undefined without a part. */
export function partsSection(data: ReportData, language: Language): Section | undefined {
  const { parts, partMonths } = data;
  if (parts.length === 0) return undefined;
  const kinds = [...new Set(parts.map(({ part }) => part))];
  const paid = (row: PartRow) => row.monthly_paid_fen;
  const cash = (row: PartRow) => row.due_fen - row.monthly_paid_fen;
  const tables = data.schemes.map((scheme) => {
    const own = parts.filter(({ insutype }) => insutype === scheme.insutype);
    const partsDue = total(own, (row) => row.due_fen);
    return html`${table(
      {
        className: 'wide',
        caption: schemeName(scheme.insutype),
        columns: [
          { title: { zh: '部分', en: 'Part' } },
          { title: { zh: '医疗机构', en: 'Institution' } },
          { title: { zh: '项目', en: 'Item' } },
          { title: { zh: '数量', en: 'Quantity' }, unit: { zh: '天或人', en: 'days or people' } },
          { title: { zh: '基金部分', en: 'Fund part' }, unit: UNIT.yuan },
          { title: { zh: '应付', en: 'Due' }, unit: UNIT.yuan },
          { title: { zh: '已按月付', en: 'Paid monthly' }, unit: UNIT.yuan },
          { title: { zh: '清算现金', en: 'Cash' }, unit: UNIT.yuan },
        ],
        rows: own.map((row) => [
          joined(partName(row.part), language),
          html`${row.name ?? ''} <code>${row.fixmedins_code}</code>`,
          row.item,
          row.quantity === null ? '' : count(row.quantity),
          yuan(row.fund_fen),
          yuan(row.due_fen),
          yuan(paid(row)),
          yuan(cash(row)),
        ]),
        total: [
          joined({ zh: '合计', en: 'Total' }, language),
          '',
          '',
          '',
          yuan(total(own, (row) => row.fund_fen)),
          yuan(partsDue),
          yuan(total(own, paid)),
          yuan(total(own, cash)),
        ],
        empty: { zh: '本险种没有其他付费部分。', en: 'No parts in this scheme.' },
      },
      language,
    )}<p>${both(
      {
        zh: `${schemeName(scheme.insutype).zh}合计支付：住院清算结果 ${yuan(scheme.result_fen)} ＋ 各部分应付 ${yuan(partsDue)} ＝ ${yuan(scheme.result_fen + partsDue)} 元。`,
        en: `Paid in all in the ${schemeName(scheme.insutype).en.toLowerCase()}: inpatient result ${yuan(scheme.result_fen)} + parts due ${yuan(partsDue)} = ${yuan(scheme.result_fen + partsDue)} yuan.`,
      },
      language,
    )}</p>`;
  });
  const months = [...new Set(partMonths.map(({ month }) => month))];
  const monthly =
    months.length === 0
      ? undefined
      : table(
          {
            className: 'wide',
            caption: { zh: '各部分按月付款', en: 'Parts paid in each month' },
            columns: [
              { title: { zh: '月份', en: 'Month' } },
              ...kinds.map((part) => ({ title: partName(part), unit: UNIT.yuan })),
              { title: { zh: '合计', en: 'Total' }, unit: UNIT.yuan },
            ],
            rows: months.map((month) => {
              const own = partMonths.filter((row) => row.month === month);
              const of = (part: string) =>
                total(
                  own.filter((row) => row.part === part),
                  (row) => row.paid_fen,
                );
              return [month, ...kinds.map((part) => yuan(of(part))), yuan(total(own, (row) => row.paid_fen))];
            }),
            total: [
              joined({ zh: '合计', en: 'Total' }, language),
              ...kinds.map((part) =>
                yuan(
                  total(
                    partMonths.filter((row) => row.part === part),
                    (row) => row.paid_fen,
                  ),
                ),
              ),
              yuan(total(partMonths, (row) => row.paid_fen)),
            ],
            empty: { zh: '没有按月付款。', en: 'Nothing was paid in months.' },
          },
          language,
        );
  return {
    id: 'parts',
    title: TITLE,
    body: html`<p>${both(
      months.length === 0
        ? {
            zh: '床日、按人头、按项目、医共体总额等不在住院点数里的支付；年度一次支付（parts.monthly 为 none）。',
            en: 'Payments that are not part of the inpatient points; paid once a year (parts.monthly is none).',
          }
        : {
            zh: '床日、按人头、按项目、医共体总额等不在住院点数里的支付；按月预付，清算现金＝应付－已按月付，负数为应退回。',
            en: 'Payments that are not part of the inpatient points; paid in months, cash = due − paid monthly, negative money comes back.',
          },
      language,
    )}</p>
${tables}
${monthly}`,
  };
}
