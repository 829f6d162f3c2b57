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
    message: { zh: '无法按 CSV 读取：{reason}', en: 'cannot be read as CSV: {reason}' },
    remedy: { zh: '另存为 UTF-8 或 GB18030 编码的 CSV', en: 'save it as CSV in UTF-8 or GB18030' },
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
    message: { zh: '表头中列 {field} 出现两次', en: 'column {field} stands twice in the header' },
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
    message: { zh: '与第 {earlier} 行重复', en: 'repeats line {earlier}' },
    remedy: { zh: '同一键只保留一行', en: 'keep one row for each key' },
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
