export { compareSides, comparisonLines, hasMdcs, writeComparison } from './compare/compare.ts';
export { readSide, type Side } from './compare/side.ts';
export { makeReportTables } from './data.ts';
export { writeEvaluationReport } from './evaluation/evaluation.ts';
export { evaluationSummaryLines } from './evaluation/summary.ts';
export { writeCheckReport } from './quality/page.ts';
export { checkSummaryLines } from './quality/summary.ts';
export { writeCheckWorkbooks } from './quality/workbooks.ts';
export { type ReportOptions, writeReport } from './report.ts';
export {
  SIMULATION_FILES,
  type SimulationFile,
  simulationFile,
  writeSimulation,
} from './simulation/files.ts';
export { simulationData } from './simulation/json.ts';
export {
  type ChangeStated,
  compareScenarios,
  keepOutcome,
  readKeptOutcome,
  readOutcome,
  type SimulationComparison,
  type SimulationSide,
} from './simulation/side.ts';
export { simulationLines } from './simulation/summary.ts';
export { findChineseFont, statementErrors, statementPdf } from './statement/pdf.ts';
export { readStatement, type Statement, statementSheets } from './statement/statement.ts';
export { summaryLines } from './summary.ts';
export { type WorkbookOptions, writeWorkbooks } from './workbook/workbooks.ts';
export { type CellKind, type Sheet, workbookBytes, writeWorkbook } from './workbook/xlsx.ts';
