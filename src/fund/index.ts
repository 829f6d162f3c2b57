export { type DayRow, type FundRow, monthDays, monthFunds } from './day-accounts.ts';
export { fundErrors } from './errors.ts';
export { type JournalLeg, legsOf, PERSONAL_ACCOUNT, type SettlementMoney } from './journal.ts';
export { type MonthRow, monthAccounts } from './month-accounts.ts';
export { sealJournal } from './seal.ts';
export { type LedgerFault, type LedgerVerdict, verifyLedger } from './verify.ts';
