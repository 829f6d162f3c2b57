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
export { type CheckOptions, type CheckRun, checkLists } from './run/run-checks.ts';
