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
  unknownInstitution: {
    code: 'area.unknown-institution',
    exit: 3,
    message: { zh: 'institutions.csv 中没有这家机构', en: 'institutions.csv has no such institution' },
    remedy: {
      zh: '在 institutions.csv 补上该机构，或改正编号',
      en: 'add it to institutions.csv, or correct the code',
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
      zh: '在 budget.csv 加上该年各险种的预算，或用 --year 选择有预算的年份（现有：{years}）',
      en: 'add the budgets of that year to budget.csv, or choose a year that has them with --year (there are: {years})',
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
