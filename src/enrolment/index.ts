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
  numberThatGoesOn,
  type PersonFile,
  type PersonOn,
  personFile,
  personLock,
  personOn,
  readPersonFile,
} from './person-file.ts';
