export type { Decision, YearOfDecisions } from './decide-year.ts';
export { decideYear } from './decide-year.ts';
export { PANEL_KINDS, type PanelKind } from './draw-panel.ts';
export { type Drawing, type DrawRequest, drawPanels, type PanelCheck, verifyPanels } from './panels.ts';
export { PERIODS, type Period, type PublicationOfScheme, publishYear, spanText } from './publish-year.ts';
export { type QuotaLine, quotaLines } from './quota.ts';
export { REVIEW_COLUMNS, type ReviewTables } from './review-tables.ts';
export { type HeardApplication, openReview, type ReviewYear } from './review-year.ts';
