import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Store } from '#engine/postgres/store.ts';
import type { OidcLogin, Reach, Session } from '#identity/index.ts';
import type { Language, Text } from '#kernel/locale.ts';
import type { OpenBenefits } from '#visits/index.ts';
import type { JobRunner, RunAnswers, RunTables } from '#workflow/index.ts';

/** What the handlers work with, the same for all requests. */
export type Services = {
  readonly store: Store;
  readonly dataFolder: string;
  readonly jobs: JobRunner;
  readonly runTables: RunTables;
  readonly runAnswers: RunAnswers;
  /** policies and lists of items of the benefits */
  readonly benefits: OpenBenefits;
  /** undefined: there is only the login with a password */
  readonly oidc: OidcLogin | undefined;
  /** how browsers reach the service, where it is not the address they ask for */
  readonly publicAddress: string | undefined;
};

/** What a handler knows of one request besides its parts. */
export type Context = Omit<Services, 'store' | 'runTables'> & {
  /** where the route is `inTransaction`, the transaction: nothing else of the store can be used meanwhile */
  readonly store: Store;
  /** the tables of a run as the caller may see them: where `institution` is given, its own and what is published */
  readonly runTables: { readonly of: (runId: number) => ReturnType<RunTables['of']> };
  /** undefined on routes that nobody may use too, when nobody has signed in */
  readonly session: Session | undefined;
  readonly login: string;
  readonly language: Language;
  /** `own`: only the data of `institution` may be shown */
  readonly reach: Reach;
  /** the institution of a user whose reach is `own`; undefined: all */
  readonly institution: string | undefined;
  /** the number of an insured person whose reach is `own`: nothing of another is shown */
  readonly psnNo: string | undefined;
  /** Added to the audit entry that every write gets. No personal data. */
  readonly note: (detail: Readonly<Record<string, unknown>>) => void;
  /**
   * Does something when everything is written and cannot be lost, such as waking up the jobs, before the answer is sent.
   * What it cannot do must be taken up later, without the request.
   */
  readonly afterwards: (work: (store: Store) => void | Promise<void>) => void;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/** What a write does in the store after all else, in the transaction that keeps its answer and its audit entry. */
export class LastStep {
  readonly write: (db: Store) => Promise<unknown>;
  constructor(write: (db: Store) => Promise<unknown>) {
    this.write = write;
  }
}

/**
 * For a handler of a write that cannot be `inTransaction`, because it works long, on files, or keeps something although it is
 * refused: it returns this, and what it writes of its success is kept together with answer and audit entry, or not at all.
 */
export const lastly = (write: (db: Store) => Promise<unknown>): LastStep => new LastStep(write);

/** One route: address, who may use it (an action of permissions.csv), its parts and its handler. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly action: string;
  readonly summary: Text;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** of a successful answer; undefined: the handler sends by itself */
  readonly answer?: z.ZodType;
  /** status of a successful answer, 200 unless given */
  readonly status?: number;
  /** at most so many requests a minute from one address */
  readonly requestsPerMinute?: number;
  /** a user with a one-time password may use it, to change the password */
  readonly beforePasswordChange?: boolean;
  /**
   * of a write that only writes to the store: what it writes, the answer kept for its Idempotency-Key and the audit entry
   * are kept together or not at all
   */
  readonly inTransaction?: boolean;
  /** the body is files, as `multipart/form-data`, which the handler reads from the request */
  readonly takesFiles?: boolean;
  /** request or answer holds a password: no answer is kept for an Idempotency-Key */
  readonly isSecret?: boolean;
  readonly handle: (parts: never, context: Context) => Promise<unknown>;
};

/** Gives the handler the types of its parts: `export const areaRoutes = [route({…}), …]`. */
export const route = <
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(
  definition: Omit<Route, 'handle' | 'params' | 'query' | 'body'> & {
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    readonly handle: (
      parts: { params: z.output<P>; query: z.output<Q>; body: z.output<B> },
      context: Context,
    ) => Promise<unknown>;
  },
): Route => definition as unknown as Route;
