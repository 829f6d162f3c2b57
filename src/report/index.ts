export { type ReportOptions, writeReport } from './report.ts';
export { summaryLines } from './summary.ts';
export { type WorkbookOptions, writeWorkbooks } from './workbook/workbooks.ts';
