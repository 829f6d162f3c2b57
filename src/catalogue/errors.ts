import type { ErrorDefinition } from '#kernel/errors.ts';

/** What can be wrong with the small tables of an area folder. */
export const areaErrors = {
  folderMissing: {
    code: 'area.folder-missing',
    exit: 3,
    message: { zh: '找不到地区文件夹', en: 'there is no such area folder' },
    remedy: {
      zh: '给出含有 area.yaml、institutions.csv 等文件的文件夹；可先运行 yibao demo 看一个例子',
      en: 'name a folder that holds area.yaml, institutions.csv and so on; yibao demo makes an example',
    },
  },
  fileMissing: {
    code: 'area.file-missing',
    exit: 3,
    message: { zh: '地区文件夹缺少这个文件', en: 'the area folder lacks this file' },
    remedy: { zh: '补上该文件，表头为 {columns}', en: 'add the file, with the header {columns}' },
  },
  unreadable: {
    code: 'area.unreadable',
    exit: 3,
    message: { zh: '文件打不开：{reason}', en: 'the file cannot be opened: {reasonEn}' },
    remedy: {
      zh: '检查文件的读取权限，以及是否被其他程序占用',
      en: 'check that you may read it and that no other program holds it',
    },
  },
  headerMissing: {
    code: 'area.header-missing',
    exit: 3,
    message: { zh: '地区文件夹缺少这个文件', en: 'the area folder lacks this file' },
    remedy: {
      zh: '补上该文件，写明 area（六位代码）、name 和 profile，格式见 docs/domain/policy.md',
      en: 'add it with area (six-digit code), name and profile, as docs/domain/policy.md shows',
    },
  },
  wrongEncoding: {
    code: 'area.wrong-encoding',
    exit: 3,
    message: { zh: '编码不对：不是 UTF-8 或 GB18030 文本', en: 'wrong encoding: not UTF-8 or GB18030 text' },
    remedy: {
      zh: '用 Excel 另存为“CSV UTF-8（逗号分隔）”，或用文本编辑器以 UTF-8 重新保存',
      en: 'save it from Excel as "CSV UTF-8 (comma delimited)" or from a text editor as UTF-8',
    },
  },
  empty: {
    code: 'area.empty-file',
    exit: 3,
    message: { zh: '文件是空的', en: 'the file is empty' },
    remedy: {
      zh: '写上表头和数据行；此文件不是必需的就删去',
      en: 'write a header and rows, or remove the file if it is optional',
    },
  },
  unclosedQuote: {
    code: 'area.unclosed-quote',
    exit: 3,
    message: { zh: '从这一行开始有双引号没有闭合', en: 'a quote that opens on this line is never closed' },
    remedy: {
      zh: '补上或删去这个双引号；值内的双引号要写成两个',
      en: 'close or remove the quote; a quote inside a value is written twice',
    },
  },
  badQuote: {
    code: 'area.bad-quote',
    exit: 3,
    message: {
      zh: '这一行的双引号位置不对，无法分列',
      en: 'a misplaced quote on this line: its columns cannot be told apart',
    },
    remedy: {
      zh: '含双引号的值要整个用双引号括起，值内的双引号写成两个',
      en: 'put a value with quotes in quotes and double the ones inside',
    },
  },
  tooManyCells: {
    code: 'area.too-many-cells',
    exit: 3,
    message: {
      zh: '该行有 {found} 列，表头只有 {expected} 列',
      en: 'the line has {found} columns, the header {expected}',
    },
    remedy: {
      zh: '金额不带千分位；含逗号的值用双引号括起',
      en: 'write amounts without thousands separators, and put values that hold a comma in quotes',
    },
  },
  noRows: {
    code: 'area.no-rows',
    exit: 3,
    message: { zh: '只有表头，没有一行数据', en: 'there is a header but not one row' },
    remedy: { zh: '填写数据后重新运行', en: 'fill in the rows and run again' },
  },
  missingColumn: {
    code: 'area.missing-column',
    exit: 3,
    message: { zh: '表头缺少列 {field}', en: 'the header lacks column {field}' },
    remedy: { zh: '表头应含 {columns}', en: 'the header needs {columns}' },
  },
  repeatedColumn: {
    code: 'area.repeated-column',
    exit: 3,
    message: { zh: '表头中列 {field} 不止一个', en: 'column {field} stands in the header more than once' },
    remedy: { zh: '只保留一列', en: 'keep one of them' },
  },
  badValue: {
    code: 'area.bad-value',
    exit: 3,
    message: { zh: '应为{expected}', en: 'must be {expectedEn}' },
    remedy: { zh: '改正该值后重新运行', en: 'correct the value and run again' },
  },
  repeatedRow: {
    code: 'area.repeated-row',
    exit: 3,
    message: { zh: '与第 {earlier} 行重复', en: 'the same as on line {earlier}' },
    remedy: { zh: '两行只保留一行', en: 'keep one of the two lines' },
  },
  fundAboveAmount: {
    code: 'area.fund-above-amount',
    exit: 3,
    message: { zh: '基金部分大于该项金额', en: 'the fund part is above the amount of the item' },
    remedy: { zh: '改正 amount 或 fund_amount', en: 'correct amount or fund_amount' },
  },
  decisionNeeds: {
    code: 'area.decision-needs',
    exit: 3,
    message: {
      zh: '评审结果为 {value} 时，{field} 列不该这样填',
      en: 'with the decision {value} column {field} must not be as it is',
    },
    remedy: {
      zh: '结果为 amount 时只填 amount（元），为 points 时只填 points，为 cost 或 rejected 时两列都留空',
      en: 'fill amount (yuan) only with the decision amount, points only with points, neither with cost or rejected',
    },
  },
  amountOrPoints: {
    code: 'area.amount-or-points',
    exit: 3,
    message: {
      zh: '金额与点数两列应恰好填一列',
      en: 'exactly one of the two columns, money and points, must be filled',
    },
    remedy: { zh: '填写其中一列，另一列留空', en: 'fill one of them and leave the other empty' },
  },
  tableNotUsed: {
    code: 'area.table-not-used',
    exit: 3,
    message: {
      zh: '政策不读这个文件：{parameter} 为“{value}”',
      en: 'the policy does not read this file: {parameter} is "{value}"',
    },
    remedy: {
      zh: '在 area.yaml 中把 {parameter} 改为包含 {needed}，或删去此文件',
      en: 'let {parameter} in area.yaml hold {needed}, or remove the file',
    },
  },
  unknownCase: {
    code: 'area.unknown-case',
    exit: 3,
    message: {
      zh: '{year} 年参加结算的清单中没有这个结算ID',
      en: 'no list that takes part in {year} has this setl_id',
    },
    remedy: {
      zh: '核对结算ID；refused.csv 列出拒收的清单，删去不参加结算的行',
      en: 'check the setl_id; refused.csv names refused lists; remove rows of lists that take no part',
    },
  },
  excludedAboveCost: {
    code: 'area.excluded-above-cost',
    exit: 3,
    message: {
      zh: '除外项目合计 {amount} 元、其中基金 {fund} 元，与清单费用 {cost} 元、基金 {listFund} 元不符',
      en: 'excluded items of {amount} yuan, {fund} yuan of it from the fund, do not fit the list of {cost} yuan and {listFund} yuan',
    },
    remedy: {
      zh: '除外后费用应大于 0，基金支付应在 0 与费用之间',
      en: 'what is left must be above 0, and its fund part between 0 and what is left',
    },
  },
  weightsMissing: {
    code: 'area.weights-missing',
    exit: 3,
    message: {
      zh: '没有这个病组的权重，历史清单中有 {lists} 份入此组',
      en: 'there is no weight for this group; {lists} lists of the history are in it',
    },
    remedy: {
      zh: '在 weights.csv 补一行 group_code,level,weight（level 可空），或将 score.missing 设为 ungrouped',
      en: 'add a row group_code,level,weight (level may be empty) to weights.csv, or set score.missing to ungrouped',
    },
  },
  tcmFallbackMissing: {
    code: 'area.tcm-fallback-missing',
    exit: 3,
    message: {
      zh: '不满足条件时应付的病组没有权重',
      en: 'the group to pay when the conditions are not met has no score',
    },
    remedy: {
      zh: '改正 fallback_group，或在 weights.csv 补上该组',
      en: 'correct fallback_group, or add the group to weights.csv',
    },
  },
  unknownInstitution: {
    code: 'area.unknown-institution',
    exit: 3,
    message: { zh: 'institutions.csv 中没有这家机构', en: 'institutions.csv has no such institution' },
    remedy: {
      zh: '在 institutions.csv 补上该机构，或改正编号',
      en: 'add it to institutions.csv, or correct the code',
    },
  },
  scoreOrFactor: {
    code: 'area.score-or-factor',
    exit: 3,
    message: {
      zh: 'score 和 factor 应当恰好填写一个',
      en: 'exactly one of score and factor must be filled in',
    },
    remedy: {
      zh: 'score 写调整后的分值，factor 写对计算分值的倍数，二者填一个',
      en: 'write the new score in score, or a multiple of the calculated one in factor',
    },
  },
  unknownGroup: {
    code: 'area.unknown-group',
    exit: 3,
    message: { zh: '病种目录中没有这个编码', en: 'the catalogue has no such group' },
    remedy: {
      zh: '核对 groups.csv 中的病种编码，或删去这一行',
      en: 'check the code against groups.csv, or remove the line',
    },
  },
  baseGroupMissing: {
    code: 'area.base-group-missing',
    exit: 3,
    message: {
      zh: '基准病种“{code}”不在病种目录中，或历史上没有病例',
      en: 'the base group "{code}" is not in the catalogue or has no history',
    },
    remedy: {
      zh: '在 score.base_group 写一个有历史病例的核心病种编码',
      en: 'name a core group with history cases in score.base_group',
    },
  },
  typeColumnMissing: {
    code: 'area.type-column-missing',
    exit: 3,
    message: {
      zh: '机构系数按级别与类型计算，但这家机构没有写类型',
      en: 'coefficients go by level and type, but this institution has no type',
    },
    remedy: {
      zh: '在 institutions.csv 加一列 type 并为每家机构填写，如 综合、专科、中医',
      en: 'add a column type to institutions.csv and fill it in for every institution, such as general, specialist, TCM',
    },
  },
  coefficientNotPositive: {
    code: 'area.coefficient-not-positive',
    exit: 3,
    message: {
      zh: '机构系数合计为 {total}，应大于 0、不超过 10',
      en: 'the parts of the coefficient add up to {total}; it must be above 0 and at most 10',
    },
    remedy: {
      zh: '改正 institution_coefficients.csv 中该机构的各项',
      en: 'correct the parts of this institution in institution_coefficients.csv',
    },
  },
  budgetMissing: {
    code: 'area.budget-missing',
    exit: 3,
    message: {
      zh: '险种 {scheme} 在 {year} 年有 {lists} 份清单，却没有预算',
      en: 'scheme {scheme} has {lists} lists in {year} but no budget',
    },
    remedy: {
      zh: '在 budget.csv 加一行 {year},{scheme},<金额（元）>',
      en: 'add a row {year},{scheme},<yuan> to budget.csv',
    },
  },
  noBudgetAtAll: {
    code: 'area.no-budget',
    exit: 3,
    message: { zh: '没有 {year} 年的预算', en: 'there is no budget for {year}' },
    remedy: {
      zh: '在 budget.csv 加上该年各险种的预算，或改选有预算的年份（现有：{years}；命令行用 --year）',
      en: 'add the budgets of that year to budget.csv, or choose a year that has them (there are: {years}; on the command line with --year)',
    },
  },
  noHistory: {
    code: 'area.no-history',
    exit: 3,
    message: {
      zh: '{years} 年没有可用的清单，无法计算病种分值',
      en: 'the years {years} have no accepted list, so that no score can be calculated',
    },
    remedy: {
      zh: '在 settlement_lists 放入历史年份的清单',
      en: 'put the lists of the history years into settlement_lists',
    },
  },
  noHistoryRefused: {
    code: 'area.no-history-refused',
    exit: 3,
    message: {
      zh: '{years} 年没有可用的清单，无法计算病种分值；拒收 {refused} 份，第一份的原因：{reason}',
      en: 'the years {years} have no accepted list, so that no score can be calculated; {refused} are refused, the first because: {reason}',
    },
    remedy: {
      zh: '先改正拒收的清单，或在 settlement_lists 放入历史年份的清单',
      en: 'correct the refused lists, or put the lists of the history years into settlement_lists',
    },
  },
  noHistoryPoints: {
    code: 'area.no-history-points',
    exit: 3,
    message: {
      zh: '历史年份的点数合计为 0，无法计算年初点值',
      en: 'the points of the history add up to 0, so that there is no start-of-year point value',
    },
    remedy: { zh: '检查历史清单的费用与参数', en: 'check the costs of the history lists and the parameters' },
  },
} satisfies Record<string, ErrorDefinition>;
