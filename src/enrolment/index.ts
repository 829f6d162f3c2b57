export { isIdentityNumber } from './certificates.ts';
export {
  COMPARED_FIELDS,
  compareFiles,
  compareLocked,
  type FilesCompared,
} from './compare-files.ts';
export {
  type Closing,
  type ClosingWanted,
  checkClosable,
  closingPicture,
  decideClosing,
  finishClosing,
  gatherClosing,
  giveUpClosing,
  prepareClosing,
  STANDING_CHANGE,
  stateContinuity,
  withdrawClosing,
} from './continuity/close-year.ts';
export { type Booking, type BookingSource, bookCollection } from './contributions/book.ts';
export {
  finishPayables,
  gatherPayables,
  giveUpPayables,
  makePayables,
  type PayableList,
  type PayablesWanted,
  payableStates,
  sendPayables,
} from './contributions/payables.ts';
export { type Reconciliation, reconcileContributions } from './contributions/reconcile.ts';
export {
  type DifferenceEvidence,
  differenceEvidence,
  reconciliationKinds,
  SIDES,
} from './contributions/sides.ts';
export {
  endTransfer,
  requestTransfer,
  type Transfer,
  type TransferEffects,
  transferEffects,
} from './contributions/transfer.ts';
export { type DeemedFound, deem, findDeemed } from './decisions/deemed.ts';
export { findRefund, giveBack, type RefundFound } from './decisions/refund.ts';
export { countRetirement, findRetirement, type RetirementFound, retire } from './decisions/retirement.ts';
export {
  isHalfLanded,
  type Landing,
  type LandingStage,
  landFile,
  landRows,
  prepareRows,
} from './departments/land.ts';
export { HOLDS, type Mapping, mappingOf, readMappings } from './departments/mapping.ts';
export { enrolmentErrors } from './errors.ts';
export {
  type ImportOutcome,
  importPersons,
  type PersonRow,
  readPersonRows,
  sourceName,
} from './import-persons.ts';
export type { FieldWeight, LinkRecord } from './linkage/compare.ts';
export { LEVELS, LINK_FIELDS, type LinkField, type LinkWeights, readWeights } from './linkage/weights.ts';
export { type MergedBy, mergePersons } from './merge.ts';
export { newNumber } from './numbers.ts';
export {
  type Enrolment,
  isHeldOn,
  lockPerson,
  numberThatGoesOn,
  type PersonFile,
  type PersonOn,
  personFile,
  personFiles,
  personLock,
  personLocks,
  personOn,
  readPersonFile,
} from './person-file.ts';
export { type Candidate, type Decision, decideReview, type ReviewDetail, reviewDetail } from './review.ts';
export { afterWorkingDays, readServiceItems, type ServiceItem } from './service-items.ts';
export {
  addServiceRequest,
  closeServiceRequest,
  rateServiceRequest,
} from './service-requests.ts';
export { endSharing, type FamilyRelation, findMember, type SharingWanted, shareAccount } from './sharing.ts';
export { WORK_LIST_KINDS, WORK_LIST_NAMES, type WorkListName } from './work-lists/kinds.ts';
export { stepsOf, WORK_STEPS, type WorkStep } from './work-lists/states.ts';
export { type Finding, FUNNEL, findWork, nextWorkSteps, takeWorkStep } from './work-lists/work-lists.ts';
