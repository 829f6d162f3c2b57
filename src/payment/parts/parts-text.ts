import type { Language, Text } from '#kernel/locale.ts';
import { displayWidth } from '#kernel/text-width.ts';
import { citationText, type ParameterSource } from '#policy/index.ts';
import { indented, type Section, sectionsText } from '../explain/sections.ts';
import type {
  CommunityExplanation,
  PartCaseExplanation,
  PartsExplanation,
  SchemePartsExplanation,
} from './explain-parts.ts';

const SCHEMES: Readonly<Record<string, Text>> = {
  '310': { zh: '职工', en: 'employee' },
  '390': { zh: '居民', en: 'resident' },
};
const PARTS: Readonly<Record<string, Text>> = {
  'bed-day': { zh: '床日', en: 'bed-day' },
  capitation: { zh: '按人头', en: 'capitation' },
  'fee-for-service': { zh: '按项目', en: 'fee for service' },
  community: { zh: '医共体', en: 'community' },
};
const LOCKS: Readonly<Record<string, Text>> = {
  fixed: { zh: '固定', en: 'fixed' },
  float: { zh: '浮动', en: 'float' },
  capped: { zh: '封顶', en: 'capped' },
  inside: { zh: '已含于医共体', en: 'in the community' },
};
const BASES: Readonly<Record<string, Text>> = {
  fund: { zh: '基金', en: 'fund' },
  'total-cost': { zh: '总费用', en: 'total cost' },
};
const REFERENCES: Readonly<Record<string, Text>> = {
  'start-point-value': { zh: '年初点值', en: 'start-of-year point value' },
  'mean-cost': { zh: '地区次均费用 ÷ 平均分', en: 'mean cost of the area ÷ mean score' },
  given: { zh: '指定数值', en: 'as given' },
};

/** The budget split of each scheme, for a terminal. */
export const renderParts = (explanation: PartsExplanation, language: Language): string =>
  `${sectionsText(partsSections(explanation, language))}\n`;

/** A heading, the budget split of each scheme, and the parameters. */
export function partsSections(explanation: PartsExplanation, language: Language): Section[] {
  const zh = language === 'zh';
  const { area, year, schemes, parameters } = explanation;
  if (schemes.length === 0) {
    return [
      sectionOf(
        zh
          ? [
              `${area.name}（${area.code}）${year} 年没有多元付费：parts.reference 是 none。`,
              '可付的部分与所需文件见 docs/domain/parts.md。',
            ]
          : [
              `${area.name} (${area.code}) pays no parts in ${year}: parts.reference is none.`,
              'Which parts there are and the files they need: docs/domain/parts.md.',
            ],
      ),
    ];
  }
  return [
    sectionOf([
      zh
        ? `多元付费与点数 — ${area.name}（${area.code}）${year} 年度`
        : `Parts and their points — ${area.name} (${area.code}), year ${year}`,
    ]),
    ...schemes.map((scheme) => sectionOf(schemeLines(scheme, language))),
    sectionOf([
      zh ? '所用参数' : 'Parameters',
      ...Object.values(parameters).map((source) => `  ${parameterLine(source, language)}`),
    ]),
  ];
}

const sectionOf = ([title = '', ...lines]: readonly string[]): Section => ({
  title,
  lines: lines.map((line) => indented(line)),
});

const parameterLine = (source: ParameterSource, language: Language): string => {
  const from = language === 'zh' ? `自 ${source.effectiveFrom}` : `from ${source.effectiveFrom}`;
  return `${source.parameter} = ${source.value}  ${source.title[language]}  ${citationText(source.source, language)} ${from}`;
};

/** How one scheme's budget was split: every sum can be added up by hand. */
export function schemeLines(scheme: SchemePartsExplanation, language: Language): string[] {
  const zh = language === 'zh';
  const name = `${SCHEMES[scheme.insutype]?.[language] ?? ''} ${scheme.insutype}`.trim();
  const lines = [
    zh ? `${name}：预算 ${scheme.budget} 元` : `${name}: budget ${scheme.budget} yuan`,
    zh
      ? `  参考点值（总费用口径，${REFERENCES[scheme.reference]!.zh}）  ${scheme.reference_value} 元/分`
      : `  reference point value (total cost, ${REFERENCES[scheme.reference]!.en})  ${scheme.reference_value} yuan per point`,
  ];
  if (scheme.fund_ratio !== undefined) {
    lines.push(
      zh
        ? `  参考点值（基金口径）  × 基金支付比例 ${scheme.fund_ratio} = ${scheme.fund_reference_value} 元/分`
        : `  reference point value (fund)  × fund ratio ${scheme.fund_ratio} = ${scheme.fund_reference_value} yuan per point`,
    );
  }
  lines.push(
    zh
      ? `  共用的总额  ${scheme.budget} − 固定部分 ${scheme.fixed} − 留存 ${scheme.withheld} = ${scheme.pool} 元`
      : `  shared by points  ${scheme.budget} − fixed parts ${scheme.fixed} − withheld ${scheme.withheld} = ${scheme.pool} yuan`,
    zh
      ? `  点数  住院 ${scheme.inpatient_points} ＋ 浮动与封顶部分 ${scheme.part_points}`
      : `  points  inpatient ${scheme.inpatient_points} + floating and capped parts ${scheme.part_points}`,
  );
  if (scheme.fund_point_value !== undefined) {
    lines.push(
      zh
        ? `  每分合基金  ${scheme.fund_point_value} 元（达到上限的封顶部分按上限付，其余再分）`
        : `  fund yuan per point  ${scheme.fund_point_value} (parts stopped by their cap get the cap; the rest is shared again)`,
    );
  }
  lines.push(...tableLines(scheme, language));
  lines.push(
    zh
      ? `  各部分应付 ${scheme.parts_due} ＋ 住院清算 ${scheme.inpatient_result} ＋ 留存 ${scheme.residual} = ${scheme.budget} 元（住院预算 ${scheme.inpatient_budget}）`
      : `  parts due ${scheme.parts_due} + inpatient clearing ${scheme.inpatient_result} + residual ${scheme.residual} = ${scheme.budget} yuan (inpatient budget ${scheme.inpatient_budget})`,
  );
  if (scheme.monthly_paid !== undefined) {
    lines.push(
      zh
        ? `  各部分应付 ${scheme.parts_due} − 已按月付 ${scheme.monthly_paid} = 清算现金 ${scheme.parts_cash} 元`
        : `  parts due ${scheme.parts_due} − paid in months ${scheme.monthly_paid} = clearing cash ${scheme.parts_cash} yuan`,
    );
  }
  for (const community of scheme.communities) lines.push(...communityLines(community, language));
  return lines;
}

function tableLines({ lines }: SchemePartsExplanation, language: Language): string[] {
  const zh = language === 'zh';
  if (lines.length === 0) return [zh ? '  没有其他付费部分' : '  no parts in this scheme'];
  const header = zh
    ? ['部分', '机构', '项目', '口径', '数量', '金额', '基金部分', '点数', '方式', '应付']
    : ['part', 'institution', 'item', 'basis', 'quantity', 'amount', 'fund part', 'points', 'lock', 'due'];
  const rows = lines.map((line) => [
    PARTS[line.part]![language],
    line.fixmedins_code,
    line.item,
    BASES[line.basis]![language],
    line.quantity,
    line.amount,
    line.fund_amount,
    line.points,
    LOCKS[line.lock]![language] + (line.stopped_by_cap ? (zh ? '，已达上限' : ', at the cap') : ''),
    line.due,
  ]);
  const NUMBERS = new Set([4, 5, 6, 7, 9]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => displayWidth(row[column]!))),
  );
  return [header, ...rows].map((row) => {
    const cells = row.map((text, column) => {
      const blanks = ' '.repeat(widths[column]! - displayWidth(text));
      return NUMBERS.has(column) ? blanks + text : text + blanks;
    });
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

function communityLines(each: CommunityExplanation, language: Language): string[] {
  const zh = language === 'zh';
  const base = each.way === 'per-capita' ? `${each.per_capita} × ${each.people}` : each.last_year_fund;
  const isDeficit = each.net.startsWith('-');
  const members = each.members.join(zh ? '、' : ', ');
  return zh
    ? [
        `  医共体 ${each.community}（牵头 ${each.lead}；成员 ${members}）：成员的清单不再单独计点`,
        `    总额  ${base}，增长后 ${each.grown} − 风险金 ${each.reserve} − 大病 ${each.major_illness} − 异地 ${each.out_of_area} = ${each.total}`,
        `    结余  ${each.total} − 县域内 ${each.in_county} − 县域外 ${each.out_of_county} = ${each.net}`,
        isDeficit
          ? `    超支  合理部分 ${each.reasonable_deficit} 以内由基金分担 ${each.shared}`
          : `    留用  考核 ${each.score} 分，留用 ${each.kept}，未留用 ${each.unkept}`,
        `    应付  ${each.due}`,
      ]
    : [
        `  community ${each.community} (lead ${each.lead}; institutions ${members}): their lists bring no points of their own`,
        `    total  ${base}, grown to ${each.grown} − reserve ${each.reserve} − major illness ${each.major_illness} − out of area ${each.out_of_area} = ${each.total}`,
        `    net  ${each.total} − in the county ${each.in_county} − outside ${each.out_of_county} = ${each.net}`,
        isDeficit
          ? `    deficit  of the reasonable ${each.reasonable_deficit} the fund bears ${each.shared}`
          : `    surplus  score ${each.score}: kept ${each.kept}, not kept ${each.unkept}`,
        `    due  ${each.due}`,
      ];
}

/** What pays a list that is not one of the inpatient points, for a terminal. */
export const renderPartCase = (explained: PartCaseExplanation, language: Language): string =>
  `${sectionsText([partCaseSection(explained, language)])}\n`;

export function partCaseSection(explained: PartCaseExplanation, language: Language): Section {
  const zh = language === 'zh';
  const { setl_id, institution, fixmedins_code, cost, non_fund, bed_day, community } = explained;
  const scheme = SCHEMES[explained.insutype]?.[language] ?? explained.insutype;
  const lines = [
    zh
      ? `清单 ${setl_id}：${institution}（${fixmedins_code}），${scheme}，医疗费总额 ${cost} 元，非基金支付 ${non_fund} 元`
      : `List ${setl_id}: ${institution} (${fixmedins_code}), ${scheme}, total cost ${cost} yuan, non-fund ${non_fund} yuan`,
  ];
  if (community !== undefined) {
    lines.push(
      zh
        ? `  机构属于医共体 ${community}：费用已含于医共体总额，本清单不计入区域点数，也不再单独支付`
        : `  the institution is in community ${community}, whose total has this list: it brings no points and is not paid again`,
    );
  }
  if (bed_day !== undefined) {
    lines.push(
      zh
        ? `  按床日付费：${bed_day.class}，${bed_day.days} 天；不入病种分值，不做辅助分型`
        : `  paid by the bed-day: ${bed_day.class}, ${bed_day.days} days; no group points, no auxiliary typing`,
      ...bed_day.lines.map((line) => `    ${line.days} × ${line.yuan_per_day} = ${line.amount}`),
      zh
        ? `    标准 ${bed_day.standard} 元，计付 ${bed_day.amount} 元`
        : `    standard ${bed_day.standard} yuan, counted ${bed_day.amount} yuan`,
    );
  }
  return sectionOf(lines);
}
