import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small provider of OpenID Connect, which takes everybody for `subject` without asking. */
export type OidcProvider = {
  readonly issuer: string;
  /** who signs in next */
  subject: string;
  /** what is wrong with its next token */
  fault: 'none' | 'nonce' | 'key' | 'audience' | 'expired';
  readonly stop: () => Promise<void>;
};
export const OIDC_CLIENT = { clientId: 'yibao', clientSecret: 'secret of the client' } as const;

export async function startOidcProvider(): Promise<OidcProvider> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, { nonce: string; challenge: string; redirectUri: string }>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, provider.issuer);
    const json = (body: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (url.pathname === '/.well-known/openid-configuration') {
      json({
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      });
    } else if (url.pathname === '/keys') {
      json({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' }] });
    } else if (url.pathname === '/authorize') {
      const parameter = (name: string) => url.searchParams.get(name) ?? '';
      if (parameter('client_id') !== OIDC_CLIENT.clientId || parameter('code_challenge_method') !== 'S256') {
        return json({ error: 'invalid_request' }, 400);
      }
      const code = randomUUID();
      codes.set(code, {
        nonce: parameter('nonce'),
        challenge: parameter('code_challenge'),
        redirectUri: parameter('redirect_uri'),
      });
      const back = new URL(parameter('redirect_uri'));
      back.searchParams.set('code', code);
      back.searchParams.set('state', parameter('state'));
      response.writeHead(302, { location: back.href }).end();
    } else if (url.pathname === '/token') {
      let text = '';
      for await (const piece of request) text += piece;
      const form = new URLSearchParams(text);
      const asked = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const basic = Buffer.from(
        (request.headers.authorization ?? '').replace('Basic ', ''),
        'base64',
      ).toString();
      const isClient =
        form.get('client_secret') === OIDC_CLIENT.clientSecret ||
        decodeURIComponent(basic.split(':')[1]?.replaceAll('+', ' ') ?? '') === OIDC_CLIENT.clientSecret;
      if (
        !asked ||
        !isClient ||
        challenge !== asked.challenge ||
        form.get('redirect_uri') !== asked.redirectUri
      ) {
        return json({ error: 'invalid_grant' }, 400);
      }
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: provider.issuer,
        sub: provider.subject,
        aud: provider.fault === 'audience' ? 'another' : OIDC_CLIENT.clientId,
        nonce: provider.fault === 'nonce' ? 'another' : asked.nonce,
        iat: now,
        exp: provider.fault === 'expired' ? now - 3_600 : now + 300,
      };
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const body = `${part({ alg: 'RS256', kid: '1', typ: 'JWT' })}.${part(claims)}`;
      const { privateKey } = provider.fault === 'key' ? otherKeys : keys;
      const signature = sign('sha256', Buffer.from(body), privateKey).toString('base64url');
      json({
        access_token: randomUUID(),
        token_type: 'Bearer',
        expires_in: 300,
        id_token: `${body}.${signature}`,
      });
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: OidcProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    subject: '',
    fault: 'none',
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return provider;
}
