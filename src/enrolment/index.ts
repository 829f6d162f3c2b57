export { enrolmentErrors } from './errors.ts';
export {
  type ImportOutcome,
  importPersons,
  isIdentityNumber,
  type PersonRow,
  readPersonRows,
  sourceName,
} from './import-persons.ts';
export { mergePersons } from './merge.ts';
export { newNumber } from './numbers.ts';
export {
  type Enrolment,
  isHeldOn,
  lockPerson,
  type PersonFile,
  type PersonOn,
  personOn,
  readPersonFile,
} from './person-file.ts';
export { afterWorkingDays, readServiceItems, type ServiceItem } from './service-items.ts';
export {
  addServiceRequest,
  closeServiceRequest,
  rateServiceRequest,
} from './service-requests.ts';
