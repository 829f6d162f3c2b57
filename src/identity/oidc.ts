import * as client from 'openid-client';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { identityErrors } from './errors.ts';
import { type User, userOf } from './users.ts';

/** A provider of OpenID Connect and what this service is called there. */
export type OidcSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
};

/** What a login must bring back, kept by the browser between its two halves. */
export type OidcFlow = { readonly state: string; readonly nonce: string; readonly verifier: string };

/** Login with a provider of OpenID Connect: authorization code, PKCE, state and nonce. */
export class OidcLogin {
  readonly issuer: string;
  readonly #settings: OidcSettings;
  #configuration: Promise<client.Configuration> | undefined;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
    this.issuer = settings.issuer;
  }

  /** The address at the provider to send the browser to. @throws YibaoError identity.oidc-unavailable */
  async begin(redirectUri: string): Promise<{ readonly address: string; readonly flow: OidcFlow }> {
    const configuration = await this.#discover();
    const flow: OidcFlow = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid',
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
    });
    return { address: address.href, flow };
  }

  /**
   * The subject that the provider vouches for.
   * @param address at which the browser came back, with what the provider added
   * @throws YibaoError identity.oidc-unavailable, .oidc-refused
   */
  async end(address: URL, flow: OidcFlow): Promise<string> {
    const configuration = await this.#discover();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, address, {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      });
      return tokens.claims()!.sub;
    } catch (error) {
      throw new YibaoError({ definition: identityErrors.oidcRefused }, { cause: error });
    }
  }

  /** Asked for with the first login, so that the service starts without its provider; again when it could not be had. */
  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const address = new URL(issuer);
    this.#configuration ??= client.discovery(address, clientId, clientSecret, undefined, {
      // the signature of the token is checked although it comes from the provider itself; one on this computer needs no TLS
      execute: [
        client.enableNonRepudiationChecks,
        ...(isLoopback(address) ? [client.allowInsecureRequests] : []),
      ],
    });
    try {
      return await this.#configuration;
    } catch (error) {
      this.#configuration = undefined;
      throw new YibaoError({ definition: identityErrors.oidcUnavailable }, { cause: error });
    }
  }
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** The provider of YIBAO_OIDC_ISSUER, YIBAO_OIDC_CLIENT_ID and YIBAO_OIDC_CLIENT_SECRET; undefined without them. */
export function oidcOfEnvironment(environment: NodeJS.ProcessEnv): OidcSettings | undefined {
  const issuer = environment.YIBAO_OIDC_ISSUER;
  const clientId = environment.YIBAO_OIDC_CLIENT_ID;
  const clientSecret = environment.YIBAO_OIDC_CLIENT_SECRET;
  if (!issuer && !clientId && !clientSecret) return undefined;
  if (!issuer || !clientId || !clientSecret || !URL.canParse(issuer)) {
    throw new YibaoError({ definition: identityErrors.oidcSettings });
  }
  return { issuer, clientId, clientSecret };
}

/** How the store names a subject of a provider: another provider may use the same. */
export const oidcName = (issuer: string, subject: string): string => `${issuer} ${subject}`;

/** The user an administrator has given this subject. @throws YibaoError identity.oidc-unknown-user */
export async function userOfSubject(store: Store, issuer: string, subject: string): Promise<User> {
  const row = await store
    .selectFrom('user_account')
    .selectAll()
    .where('oidc_subject', '=', oidcName(issuer, subject))
    .where('is_disabled', '=', false)
    .executeTakeFirst();
  if (row === undefined) throw new YibaoError({ definition: identityErrors.oidcUnknownUser });
  return userOf(row);
}

/** Gives a user a subject of the provider, or takes it away. @throws YibaoError identity.oidc-subject-taken */
export async function setOidcSubject(
  store: Store,
  login: string,
  issuer: string,
  subject: string | null,
): Promise<void> {
  const name = subject === null ? null : oidcName(issuer, subject);
  if (name !== null) {
    const other = await store
      .selectFrom('user_account')
      .select('login')
      .where('oidc_subject', '=', name)
      .where('login', '!=', login)
      .executeTakeFirst();
    if (other !== undefined)
      throw new YibaoError({ definition: identityErrors.oidcSubjectTaken, field: 'subject' });
  }
  await store.updateTable('user_account').set({ oidc_subject: name }).where('login', '=', login).execute();
}
