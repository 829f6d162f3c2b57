import type { Language, Text } from '#kernel/locale.ts';
import { axisStyle, COLOUR, FONT_PX, INK, labelStyle, PATTERN, renderChart } from '../chart.ts';
import { type ReportData, type SchemeSummary, total } from '../data.ts';
import { drawn, percent, shortened, tenThousandYuan, yuan } from '../format.ts';
import { both, figure, type Html, html, type Section, type TableColumn, table } from '../html.ts';
import { joined, levelName, schemeName, UNIT, withUnit } from '../words.ts';

/** Institutions drawn one by one in the flow of the budget; the others are drawn together. */
const INSTITUTIONS_DRAWN = 12;

/** Where the money went: who paid the bills, how the budget flowed, and the account that must close to the fen. */
export function moneySection(data: ReportData, language: Language): Section {
  return {
    id: 'money',
    title: { zh: '钱去了哪里', en: 'Where the money went' },
    body: html`${billChart(data, language)}
${flowChart(data, language)}
${accountTable(data.schemes, language)}`,
  };
}

function billChart({ schemes }: ReportData, language: Language): Html {
  const used = schemes.filter((scheme) => scheme.cases > 0n);
  const title: Text = { zh: '医疗费用与机构应得', en: 'Cost of care and what institutions earned' };
  if (used.length === 0) return nothing(title, language);
  const COST: Text = { zh: '发生费用', en: 'cost' };
  const EARNED: Text = { zh: '清算应得', en: 'earned' };
  const rows = used.flatMap((scheme) => [
    { name: rowName(scheme, COST, language), nonFund: scheme.non_fund_fen, fund: scheme.fund_fen },
    { name: rowName(scheme, EARNED, language), nonFund: scheme.non_fund_fen, fund: scheme.result_fen },
  ]);
  const series = [
    {
      name: { zh: '个人及其他支付', en: 'patients and others' },
      amount: rows.map((row) => row.nonFund),
      color: COLOUR.sky,
    },
    {
      name: { zh: '统筹基金', en: 'pooling fund' },
      amount: rows.map((row) => row.fund),
      color: COLOUR.orange,
      decal: PATTERN.stripes,
    },
  ];
  return figure(
    {
      title,
      chart: renderChart({
        id: 'chart-bill',
        height: 100 + rows.length * 31,
        label: `${title.zh} ${title.en}: ${rows.map((row) => `${row.name} ${tenThousandYuan(row.nonFund)} + ${tenThousandYuan(row.fund)} 万元`).join('; ')}`,
        option: {
          grid: { left: 190, right: 110, top: 44, bottom: 52 },
          legend: {
            top: 4,
            left: 190,
            itemGap: 24,
            textStyle: { color: INK, fontSize: FONT_PX },
            data: series.map((one) => joined(one.name, language)),
          },
          xAxis: {
            ...axisStyle,
            type: 'value',
            name: withUnit({ zh: '金额', en: 'Amount' }, UNIT.tenThousandYuan, language),
            nameLocation: 'middle',
            nameGap: 32,
          },
          yAxis: {
            ...axisStyle,
            type: 'category',
            inverse: true,
            data: rows.map((row) => row.name),
            axisTick: { show: false },
          },
          series: series.map((one, index) => ({
            name: joined(one.name, language),
            type: 'bar',
            stack: 'amount',
            barWidth: 20,
            itemStyle: { color: one.color, ...('decal' in one ? { decal: one.decal } : {}) },
            data: one.amount.map((value) => drawn(value, 6)),
            label: {
              ...labelStyle,
              show: true,
              position: 'inside',
              formatter: ({ dataIndex }: { dataIndex: number }) =>
                index === 0 || one.amount[dataIndex]! > 0n ? tenThousandYuan(one.amount[dataIndex]!) : '',
            },
          })),
        },
      }),
      caption: {
        zh: '上条为清单上发生的费用：个人及其他支付＋记账基金；下条为机构得到的钱：同样的个人及其他支付＋清算结果。两条之差就是机构的盈亏合计。单位：万元。',
        en: 'Upper bar: cost on the lists (patients and others + fund booked). Lower bar: what institutions get (the same + clearing result). The difference is their gain or loss. Unit: 10k yuan.',
      },
    },
    language,
  );
}

const rowName = (scheme: SchemeSummary, what: Text, language: Language): string => {
  const name = schemeName(scheme.insutype);
  return language === 'zh'
    ? `${name.zh} · ${what.zh} ${what.en}`
    : `${name.en.replace(' scheme', '')} · ${what.en}`;
};

type Flow = { readonly source: string; readonly target: string; readonly fen: bigint };

function flowChart(data: ReportData, language: Language): Html {
  const title: Text = { zh: '预算流向', en: 'Flow of the budget' };
  const flows: Flow[] = [];
  const RESIDUAL = {
    assessment: joined({ zh: '考核扣减', en: 'Assessment' }, language),
    audit: joined({ zh: '审核扣减', en: 'Audit' }, language),
    undistributed: joined({ zh: '未分配', en: 'Not distributed' }, language),
  };
  const budgetName = (insutype: string) =>
    joined(
      {
        zh: `${schemeName(insutype).zh}预算`,
        en: `${schemeName(insutype).en.replace(' scheme', '')} budget`,
      },
      language,
    );
  for (const scheme of data.schemes) {
    const source = budgetName(scheme.insutype);
    const withheld = -scheme.assessment_change_fen;
    for (const level of data.levels.filter((row) => row.insutype === scheme.insutype))
      flows.push({ source, target: joined(levelName(level.level), language), fen: level.result_fen });
    flows.push({ source, target: RESIDUAL.assessment, fen: withheld });
    flows.push({ source, target: RESIDUAL.audit, fen: scheme.audit_deduction_fen });
    flows.push({
      source,
      target: RESIDUAL.undistributed,
      fen: scheme.residual_fen - withheld - scheme.audit_deduction_fen,
    });
  }
  const paid = data.institutions.filter((row) => row.cases > 0n || row.result_fen !== 0n);
  const biggest = new Set(
    paid
      .toSorted(
        (a, b) =>
          compareAmounts(b.result_fen, a.result_fen) || (a.fixmedins_code < b.fixmedins_code ? -1 : 1),
      )
      .slice(0, INSTITUTIONS_DRAWN)
      .map((row) => row.fixmedins_code),
  );
  const labelOf = new Map<string, string>();
  for (const level of [...new Set(paid.map((row) => row.level))].toSorted((a, b) => b - a)) {
    const source = joined(levelName(level), language);
    const members = paid.filter((row) => row.level === level);
    for (const row of members.filter((one) => biggest.has(one.fixmedins_code))) {
      labelOf.set(row.fixmedins_code, shortened(row.name, 26));
      flows.push({ source, target: row.fixmedins_code, fen: row.result_fen });
    }
    const others = members.filter((one) => !biggest.has(one.fixmedins_code));
    if (others.length > 0) {
      const target = `others-${level}`;
      labelOf.set(
        target,
        language === 'zh'
          ? `其他 ${others.length} 家${levelName(level).zh}`
          : `${others.length} other, ${levelName(level).en}`,
      );
      flows.push({ source, target, fen: total(others, (row) => row.result_fen) });
    }
  }
  const shown = flows.filter((flow) => flow.fen > 0n);
  if (shown.length === 0) return nothing(title, language);
  const negative = flows.filter((flow) => flow.fen < 0n);
  const residuals: readonly string[] = Object.values(RESIDUAL);
  const isResidual = (node: string) => residuals.includes(node);
  const named = [...new Set(shown.flatMap((flow) => [flow.source, flow.target]))];
  // Nodes of one column stand in the order given: what is withheld goes to the bottom.
  const nodes = [...named.filter((node) => !isResidual(node)), ...named.filter(isResidual)];
  const through = (node: string) => {
    const outgoing = total(
      shown.filter((flow) => flow.source === node),
      (flow) => flow.fen,
    );
    return outgoing > 0n
      ? outgoing
      : total(
          shown.filter((flow) => flow.target === node),
          (flow) => flow.fen,
        );
  };
  const schemeNames = data.schemes.map((scheme) => budgetName(scheme.insutype));
  const colour = (node: string) =>
    schemeNames[0] === node
      ? COLOUR.blue
      : schemeNames.includes(node)
        ? COLOUR.orange
        : isResidual(node)
          ? COLOUR.vermilion
          : labelOf.has(node)
            ? COLOUR.grey
            : COLOUR.green;
  const last = nodes.filter((node) => labelOf.has(node) || isResidual(node)).length;
  return figure(
    {
      title,
      chart: renderChart({
        id: 'chart-flow',
        height: Math.max(320, 46 + last * 22),
        label: `${title.zh} ${title.en}: ${nodes.map((node) => `${labelOf.get(node) ?? node} ${tenThousandYuan(through(node))} 万元`).join('; ')}`,
        option: {
          series: [
            {
              type: 'sankey',
              left: 8,
              right: 250,
              top: 28,
              bottom: 16,
              nodeGap: 12,
              nodeWidth: 16,
              layoutIterations: 0,
              draggable: false,
              emphasis: { disabled: true },
              lineStyle: { color: 'source', opacity: 0.28, curveness: 0.5 },
              label: {
                ...labelStyle,
                formatter: ({ name }: { name: string }) =>
                  `${labelOf.get(name) ?? name} ${tenThousandYuan(through(name))}`,
              },
              data: nodes.map((name) => ({
                name,
                itemStyle: { color: colour(name), borderColor: INK, borderWidth: 0.5 },
                ...(isResidual(name) ? { depth: 2 } : {}),
              })),
              links: shown.map((flow) => ({
                source: flow.source,
                target: flow.target,
                value: drawn(flow.fen, 6),
              })),
            },
          ],
        },
      }),
      caption: {
        zh: `从左到右：险种预算 → 机构等级的清算结果 → 各机构（最大 ${INSTITUTIONS_DRAWN} 家单列）。考核、审核扣减进入留存。线宽与数字均为万元。${
          negative.length === 0
            ? ''
            : `以下为负数，图中不画：${negative.map((flow) => `${flow.source} → ${labelOf.get(flow.target) ?? flow.target} ${tenThousandYuan(flow.fen)} 万元`).join('；')}。`
        }`,
        en: `Left to right: budget of the scheme → clearing result by level → institutions (the ${INSTITUTIONS_DRAWN} biggest alone). Assessment and audit go to the residual. Widths and numbers in 10k yuan.${
          negative.length === 0 ? '' : ' Negative flows are not drawn; see the Chinese list.'
        }`,
      },
    },
    language,
  );
}

const compareAmounts = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** The account of the budget, line by line; its last line must be zero. */
function accountTable(schemes: readonly SchemeSummary[], language: Language): Html {
  const columns: TableColumn[] = [
    { title: { zh: '项目', en: 'Line' } },
    ...schemes.map((scheme) => ({ title: schemeName(scheme.insutype), unit: UNIT.yuan })),
    { title: { zh: '合计', en: 'Total' }, unit: UNIT.yuan },
    { title: { zh: '占预算', en: 'Of budget' }, unit: UNIT.percent },
  ];
  type Line = readonly [Text, (scheme: SchemeSummary) => bigint];
  // lines that only some policies have
  const usedLine = (title: Text, amount: Line[1]): readonly Line[] =>
    schemes.some((row) => amount(row) !== 0n) ? [[title, amount]] : [];
  const lines: readonly Line[] = [
    [{ zh: '预算 B', en: 'Budget' }, (row) => row.budget_fen],
    [{ zh: '应付 due', en: 'Due by points' }, (row) => row.due_fen],
    [{ zh: '－ 考核扣减', en: 'withheld by assessment' }, (row) => row.assessment_change_fen],
    [{ zh: '－ 审核扣减', en: 'audit deductions' }, (row) => -row.audit_deduction_fen],
    ...usedLine({ zh: '＋ 其他清算步骤', en: 'other steps of the clearing' }, (row) => row.other_steps_fen),
    [{ zh: '＝ 清算结果', en: 'Clearing result' }, (row) => row.result_fen],
    [{ zh: '其中：已付月预结算', en: 'of it paid monthly' }, (row) => row.monthly_paid_fen],
    ...usedLine({ zh: '其中：季度清算', en: 'of it paid quarterly' }, (row) => row.quarter_paid_fen),
    [{ zh: '其中：已付预付金', en: 'of it paid in advance' }, (row) => row.advance_paid_fen],
    [
      { zh: '其中：清算现金（负数为收回）', en: 'of it clearing cash (negative: comes back)' },
      (row) => row.clearing_cash_fen,
    ],
    [{ zh: '留存', en: 'Residual' }, (row) => row.residual_fen],
  ];
  const budget = total(schemes, (row) => row.budget_fen);
  const check = (row: SchemeSummary) => row.result_fen + row.residual_fen - row.budget_fen;
  return table(
    {
      caption: { zh: '预算账', en: 'Account of the budget' },
      columns,
      rows:
        schemes.length === 0
          ? []
          : lines.map(([name, amount]) => [
              both(name, language),
              ...schemes.map((scheme) => yuan(amount(scheme))),
              yuan(total(schemes, amount)),
              percent(total(schemes, amount), budget),
            ]),
      total: [
        both(
          {
            zh: '平衡：清算结果＋留存－预算（应为 0）',
            en: 'Balance: result + residual − budget (must be 0)',
          },
          language,
        ),
        ...schemes.map((scheme) => yuan(check(scheme))),
        yuan(total(schemes, check)),
        '',
      ],
      empty: { zh: '没有预算。', en: 'There is no budget.' },
    },
    language,
  );
}

/** Words in the place of a chart that has nothing to show. */
export function nothing(title: Text, language: Language): Html {
  return html`<h3>${both(title, language)}</h3><p class="empty">${both(
    { zh: '本年度没有可以画出的数据。', en: 'There is nothing to draw for this year.' },
    language,
  )}</p>`;
}
