import type { Transactions } from '../dispatcher.ts';
import { clearingTransactions } from './clearing.ts';
import { exitTransactions } from './exits.ts';
import { fileTransactions } from './files.ts';
import { institutionTransactions } from './institution.ts';
import { listTransactions } from './lists.ts';
import { resultTransactions } from './results.ts';
import { signInTransactions } from './sign-in.ts';

/** What this module itself implements; other modules add theirs to the map that the dispatcher is given. */
export const hospitalTransactions: Transactions = {
  ...signInTransactions,
  ...fileTransactions,
  ...institutionTransactions,
  ...listTransactions,
  ...resultTransactions,
  ...exitTransactions,
  ...clearingTransactions,
};
