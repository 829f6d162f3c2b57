import type { JsonObject } from '#claims/intake/index.ts';
import type { Language } from '#kernel/locale.ts';
import { CSB_ERRORS, checkCsb, usesCsb } from './dialect/csb.ts';
import type { Dialect, GatewayError, Headers, Keys } from './dialect/index.ts';
import { isFresh } from './dialect/index.ts';
import { decryptData, encryptData, isSealRight, signSealed, sm4KeyOf } from './dialect/sealed.ts';
import { checkTif, usesTif } from './dialect/tif.ts';
import { type AttachedFile, type Dispatcher, dispatch, type Reply } from './dispatcher.ts';
import { answerOf, readBody, readMessage } from './envelope.ts';
import { errorMessage, Refusal, refuse } from './fault.ts';
import { findInstitution, type Institution, institutionsOfKey } from './institutions.ts';

/** A request as it came, whatever server took it. Header names in lower case. */
export type Request = {
  /** the part of the path after /fsi/api, '' for none: some gateways name the transaction there */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly file?: AttachedFile | undefined;
};

export type Response = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly filename?: string;
};

const JSON_TYPE = 'application/json;charset=UTF-8';
const gatewayResponse = (error: GatewayError): Response => ({
  status: error.code,
  contentType: JSON_TYPE,
  body: JSON.stringify(error),
});

class GatewayRefusal extends Error {
  readonly error: GatewayError;
  constructor(error: GatewayError) {
    super(error.message);
    this.error = error;
  }
}

const languageOf = (headers: Headers): Language =>
  /^en\b/i.test(headers['accept-language']?.trim() ?? '') ? 'en' : 'zh';

const keysOf = (institutions: readonly Institution[]): Keys[] =>
  institutions.map(({ access_key, secret }) => ({ accessKey: access_key, secret }));

/**
 * One request of the hospital interface: tells the dialect, proves the sender, opens the seal, carries out the message, and
 * answers in the same dialect. Refusals are answers in the national form with HTTP 200; only what a gateway refuses before it
 * looks at the message has another status and the gateway's own body.
 */
export async function exchange(dispatcher: Dispatcher, request: Request): Promise<Response> {
  const receivedAt = dispatcher.clock();
  const language = languageOf(request.headers);
  const refusal = (error: Refusal, areaCode = '000000'): string =>
    JSON.stringify(
      answerOf({ error: errorMessage(error.faults, language) }, areaCode, receivedAt, dispatcher.clock()),
    );
  try {
    const dialect = dialectOf(request.headers);
    const senders = await senderOfGateway(dispatcher, dialect, request.headers, receivedAt);
    const body = readBody(request.body, request.headers['content-type']);
    if (isSealed(body)) return await exchangeSealed(dispatcher, request, body, receivedAt, language);
    const reply = await carryOut(dispatcher, request, body, { dialect, senders }, receivedAt, language);
    return responseOf(reply);
  } catch (error) {
    if (error instanceof GatewayRefusal) return gatewayResponse(error.error);
    if (error instanceof Refusal) return { status: 200, contentType: JSON_TYPE, body: refusal(error) };
    throw error;
  }
}

const responseOf = (reply: Reply): Response =>
  'text' in reply
    ? { status: 200, contentType: JSON_TYPE, body: reply.text }
    : {
        status: 200,
        contentType: 'application/octet-stream',
        body: reply.download.content,
        filename: reply.download.filename,
      };

const dialectOf = (headers: Headers): Dialect =>
  usesCsb(headers) ? 'csb' : usesTif(headers) ? 'tif' : 'plain';

/** The institutions that a gateway's signature speaks for; none for bare messages. */
async function senderOfGateway(
  { store }: Dispatcher,
  dialect: Dialect,
  headers: Headers,
  now: Temporal.Instant,
): Promise<readonly Institution[]> {
  if (dialect !== 'csb' && dialect !== 'tif') return [];
  const accessKey = (dialect === 'csb' ? headers._api_access_key : headers['x-tif-paasid']) ?? '';
  const institutions = await institutionsOfKey(store, dialect, accessKey);
  const check = dialect === 'csb' ? checkCsb : checkTif;
  // institutions may share an access key: the secret says for which of them the sender speaks
  const faults = institutions.map((each) =>
    each.is_signed ? check(headers, keysOf([each]), now, each.signature_valid_minutes) : undefined,
  );
  const senders = institutions.filter((_, index) => faults[index] === undefined);
  if (senders.length > 0) return senders;
  throw new GatewayRefusal(faults[0] ?? check(headers, [], now, DEFAULT_VALID_MINUTES)!);
}

/** For a key nobody has; those of institutions say themselves how long they hold. */
const DEFAULT_VALID_MINUTES = 30;

type Proof = { readonly dialect: Dialect; readonly senders: readonly Institution[] };

async function carryOut(
  dispatcher: Dispatcher,
  request: Request,
  body: JsonObject,
  proof: Proof,
  receivedAt: Temporal.Instant,
  language: Language,
): Promise<Reply> {
  const metadata = dispatcher.metadataOf('');
  const { header, input, faults } = readMessage(
    withNumberOfPath(body, request.path, metadata.transactions),
    metadata,
  );
  if (faults.length > 0) throw new Refusal(...faults);
  const place = { field: 'fixmedins_code', name: '定点医药机构编号', value: header.fixmedins_code };
  const carriedOut = async (institution: Institution | undefined): Promise<Reply | undefined> => {
    if (institution === undefined || !institution.is_open) {
      throw refuse('不是本统筹区的定点医药机构', 'not a designated institution of this area', place);
    }
    checkProof(institution, proof, request.headers, header.infno, place);
    return dispatch(dispatcher, institution, { header, input }, { file: request.file, language, receivedAt });
  };
  const known =
    proof.senders.find((each) => each.fixmedins_code === header.fixmedins_code) ??
    dispatcher.institutions.get(header.fixmedins_code);
  if (known !== undefined) {
    try {
      const reply = await carriedOut(known);
      if (reply !== undefined) return reply;
    } catch (error) {
      // what is remembered may be why
      if (!(error instanceof Refusal || error instanceof GatewayRefusal)) throw error;
    }
  }
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const institution = await findInstitution(dispatcher.store, header.fixmedins_code);
    if (institution === undefined) dispatcher.institutions.delete(header.fixmedins_code);
    else dispatcher.institutions.set(header.fixmedins_code, institution);
    const reply = await carriedOut(institution);
    if (reply !== undefined) return reply;
  }
  throw new Error(`institution ${header.fixmedins_code} was changed at every attempt`);
}

/** An institution may be changed between reading it and carrying out its message, but not for ever. */
const ATTEMPTS_MAX = 5;

/** @throws Refusal or GatewayRefusal when the sender has not proven to be this institution the way it has to */
function checkProof(
  institution: Institution,
  { dialect, senders }: Proof,
  headers: Headers,
  infno: string,
  place: { field: string; name: string; value: string },
): void {
  const isOwnKey = senders.some(({ fixmedins_code }) => fixmedins_code === institution.fixmedins_code);
  if (senders.length > 0 && !isOwnKey) {
    throw refuse('该密钥不属于此机构', 'the key is not of this institution', place);
  }
  if (dialect === 'csb') {
    const name = headers._api_name;
    if (name !== undefined && name !== '' && name !== infno && name !== `api_${infno}`) {
      throw refuse(`请求头_api_name与infno（${infno}）不一致`, `_api_name is not that of ${infno}`, {
        field: '_api_name',
        value: name,
      });
    }
  }
  const needsProof = institution.is_signed || (institution.dialect === 'sealed' && institution.is_encrypted);
  if (institution.dialect === dialect || !needsProof) return;
  if (institution.dialect === 'csb') throw new GatewayRefusal(CSB_ERRORS.missing);
  if (institution.dialect === 'tif') throw new GatewayRefusal(CSB_ERRORS.missing);
  if (institution.dialect === 'sealed') {
    throw refuse(
      '该机构的报文须以SM2签名、SM4加密后发送',
      'messages of this institution must be signed and sealed',
      place,
    );
  }
}

/** Paths such as /fsi/api/4101 or …/api_4101 name the transaction where the message does not. */
function withNumberOfPath(body: JsonObject, path: string, known: ReadonlyMap<string, unknown>): JsonObject {
  if (body.infno !== undefined && body.infno !== null && body.infno !== '') return body;
  const number = path.split('/').at(-1)?.replace(/^api_/, '') ?? '';
  return known.has(number) ? { ...body, infno: number } : body;
}

const isSealed = (body: JsonObject): boolean =>
  body.infno === undefined &&
  (body.appId !== undefined || body.appCode !== undefined || body.encData !== undefined);

/** The SM2/SM4 envelope: opened and proven, then answered with one of our own. Source: interface.md §1.5. */
async function exchangeSealed(
  dispatcher: Dispatcher,
  request: Request,
  envelope: JsonObject,
  receivedAt: Temporal.Instant,
  language: Language,
): Promise<Response> {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const appId = text(envelope.appId) || text(envelope.appCode);
  const [institution, ...others] = await institutionsOfKey(dispatcher.store, 'sealed', appId);
  if (institution === undefined) throw new GatewayRefusal({ code: 401, message: '非法用户!' });
  const { secret, is_encrypted, is_signed, public_key, signature_valid_minutes } = institution;
  const timestamp = text(envelope.timestamp);
  if (is_signed && !isFresh(timestamp, receivedAt, signature_valid_minutes)) {
    throw new GatewayRefusal({ code: 401, message: '签名时间戳超时!' });
  }
  const key = sm4KeyOf(appId, secret);
  const { data } = envelope;
  const encData =
    text(envelope.encData) ||
    (typeof data === 'object' && data !== null && !Array.isArray(data)
      ? text((data as JsonObject).encData)
      : '');
  if (is_encrypted && encData === '') {
    throw new GatewayRefusal({ code: 401, message: '报文未加密!' });
  }
  const plain = encData === '' ? dataAsSent(request.body) : decryptData(encData, key);
  if (plain === undefined) throw new GatewayRefusal({ code: 401, message: '报文解密失败!' });
  const message = readBody(Buffer.from(plain, 'utf8'));
  if (is_signed && !isSealRight(envelope, parseAsSent(plain), plain, secret, public_key)) {
    throw new GatewayRefusal({ code: 401, message: '签名不一致!' });
  }
  // others of the same app id are spoken for only where they have the same keys
  const senders = [
    institution,
    ...others.filter((each) => each.secret === secret && each.public_key === public_key),
  ];
  let answer: string;
  try {
    const reply = await carryOut(
      dispatcher,
      request,
      message,
      { dialect: 'sealed', senders },
      receivedAt,
      language,
    );
    if (!('text' in reply)) return responseOf(reply);
    answer = reply.text;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const outcome = { error: errorMessage(error.faults, language) };
    answer = JSON.stringify(answerOf(outcome, institution.area_code, receivedAt, dispatcher.clock()));
  }
  const answered = JSON.parse(answer) as object;
  const head = {
    code: 0,
    message: '成功',
    [envelope.appId === undefined ? 'appCode' : 'appId']: appId,
    version: text(envelope.version) || '1.0.0',
    encType: is_encrypted ? 'SM4' : '',
    signType: is_signed ? 'SM2' : '',
    timestamp: String(dispatcher.clock().epochMilliseconds),
  };
  const signData = is_signed ? signSealed(head, answered, secret, institution.service_private_key) : '';
  const sealed = {
    ...head,
    signData,
    data: is_encrypted ? { encData: encryptData(answered, key) } : answered,
  };
  return { status: 200, contentType: JSON_TYPE, body: JSON.stringify(sealed) };
}

/** The data of an open envelope; its numbers as JSON has them. */
const dataAsSent = (body: Uint8Array): string =>
  JSON.stringify((JSON.parse(new TextDecoder().decode(body)) as { data?: unknown }).data ?? {});

/** The signature was made over the client's JSON, so its numbers count as written by JSON, not as our exact text. */
const parseAsSent = (plain: string): unknown => {
  try {
    return JSON.parse(plain);
  } catch {
    return null;
  }
};
