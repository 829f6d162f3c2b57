export { countVotes, GRANTS, type Vote, type VoteResult } from './count-votes.ts';
export type { Decision, YearOfDecisions } from './decide-year.ts';
export { decideYear } from './decide-year.ts';
export { PANEL_KINDS, type PanelKind } from './draw-panel.ts';
export { overQuota } from './errors.ts';
export { type Drawing, type DrawRequest, drawPanels, type PanelCheck, verifyPanels } from './panels.ts';
export { PERIODS, type Period, type PublicationOfScheme, publishYear, spanText } from './publish-year.ts';
export { type QuotaLine, quotaCounts, quotaLines } from './quota.ts';
export { REVIEW_COLUMNS, type ReviewTables } from './review-tables.ts';
export {
  type HeardApplication,
  openReview,
  type ReviewRules,
  type ReviewYear,
  reviewRules,
} from './review-year.ts';
