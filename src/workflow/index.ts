import './approval/tables.ts';
import './tables.ts';

export { RunAnswers } from './answers/run-answers.ts';
export {
  type Actor,
  advance,
  approvalSteps,
  findApproval,
  nextActions,
  openApproval,
} from './approval/approval.ts';
export { approvalErrors } from './approval/errors.ts';
export type { ApprovalContent, ApprovalRow } from './approval/tables.ts';
export { TRANSITIONS } from './approval/transitions.ts';
export { type AreaChange, addAreaChange, applyAreaChanges, type ChangedArea } from './area-change.ts';
export { CLOSING_OF_YEAR, submitClosing } from './closing-of-year.ts';
export { workflowErrors } from './errors.ts';
export { interfaceActor, openExitApplications, tellExitApplication } from './exit-applications.ts';
export { explainRunCase, prepareExplanations } from './explain-run-case.ts';
export type { ListAssessment, ListQuality, SubmittedList } from './jobs/assess-lists.ts';
export { addJob, cancelJob, findJob, type Job, jobOf, retryJob } from './jobs/jobs.ts';
export { startWork } from './jobs/process.ts';
export { JobRunner } from './jobs/runner.ts';
export { checkDraft, type DraftChange, draftErrors, type PolicyDraft } from './policy-draft.ts';
export { CLEARING, periodsOf, publishedPeriods } from './publication.ts';
export { runFolder } from './run-folder.ts';
export { findRun, type Run, RunTables, startRun } from './runs.ts';
export {
  checkAppealDay,
  checkPanelOf,
  decisionOf,
  type Opinion,
  quotaOf,
  reviewRulesOf,
  type SpecialCaseDecision,
  specialCaseErrors,
  voteOf,
} from './special-case.ts';
export { JOB_STATES, type JobProblem, type JobState } from './tables.ts';
export { receiveArea, type UploadedFile } from './uploaded-area.ts';
