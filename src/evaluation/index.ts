export {
  CHARGE_COLUMNS,
  type EvaluationFiles,
  type EvaluationFolders,
  readEvaluationFiles,
} from './area-files.ts';
export {
  EVIDENCE_TITLES,
  INDICATOR_UNITS,
  type Indicator,
  loadIndicators,
  SCOPES,
  type Scope,
} from './definitions.ts';
export { evaluationErrors } from './errors.ts';
export { evaluateYear, NO_FILES } from './evaluate-year.ts';
export { type IndicatorRow, indicatorRows, type PeerRow, peerRows } from './indicator-rows.ts';
export { writeEvaluation } from './write-results.ts';
