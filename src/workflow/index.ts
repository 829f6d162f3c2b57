import './tables.ts';

export { RunAnswers } from './answers/run-answers.ts';
export { workflowErrors } from './errors.ts';
export { explainRunCase, prepareExplanations } from './explain-run-case.ts';
export { addJob, findJob, type Job, jobOf } from './jobs/jobs.ts';
export { JobRunner } from './jobs/runner.ts';
export { runFolder } from './run-folder.ts';
export { findRun, type Run, RunTables, startRun } from './runs.ts';
export { JOB_STATES, type JobProblem, type JobState } from './tables.ts';
