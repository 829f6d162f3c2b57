export {
  type Check,
  DIMENSIONS,
  type Dimension,
  EVIDENCE_TITLES,
  LEVEL_TITLES,
  LEVELS,
  type Level,
  type NotComputable,
} from './definitions/check.ts';
export { type CheckSet, loadChecks } from './definitions/load-checks.ts';
export { checkList, explainCheck } from './definitions/show-checks.ts';
export { qualityErrors } from './errors.ts';
export { type FolderOfLists, type ListMessage, openListMessages } from './form/list-messages.ts';
export { readIntensiveCare } from './form/read-form.ts';
export { writeCheckResults } from './results/write-results.ts';
export { type CheckOptions, type CheckRun, checkLists } from './run/run-checks.ts';
