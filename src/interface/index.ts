export { ListAssessor } from './assessor.ts';
export { type ListResult, type SendOptions, sendLists, Unreachable } from './client/send-lists.ts';
export type { ClientKeys } from './client/sign-request.ts';
export { DIALECTS, type Dialect } from './dialect/index.ts';
export {
  type AtEnd,
  type Call,
  carryOut,
  createDispatcher,
  type Dispatcher,
  type Handler,
  opened,
  type Transactions,
  type Writer,
} from './dispatcher.ts';
export { timeText } from './envelope.ts';
export { interfaceErrors } from './errors.ts';
export { exchange } from './exchange.ts';
export { errorMessage, Refusal, refuse } from './fault.ts';
export {
  findInstitution,
  type Institution,
  registerArea,
  type Security,
  setAreaRules,
  setSecurity,
} from './institutions.ts';
export { messageLock, refuseFromNowOn } from './messages.ts';
export { listOverlays, loadMetadata, type Metadata, type Node } from './metadata.ts';
export { registerInterface } from './server.ts';
export { type HospitalInterface, openHospitalInterface } from './service.ts';
export { keepFile, PUBLIC_FILES, readKeptFile } from './transactions/files.ts';
export { hospitalTransactions } from './transactions/index.ts';
export { decideList, LIST_STATES } from './transactions/lists.ts';
export { pageOf } from './transactions/paging.ts';
