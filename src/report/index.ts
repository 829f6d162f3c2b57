export { compareSides, comparisonLines, hasMdcs, writeComparison } from './compare/compare.ts';
export { readSide, type Side } from './compare/side.ts';
export { writeCheckReport } from './quality/page.ts';
export { checkSummaryLines } from './quality/summary.ts';
export { writeCheckWorkbooks } from './quality/workbooks.ts';
export { type ReportOptions, writeReport } from './report.ts';
export { summaryLines } from './summary.ts';
export { type WorkbookOptions, writeWorkbooks } from './workbook/workbooks.ts';
export { type CellKind, type Sheet, writeWorkbook } from './workbook/xlsx.ts';
