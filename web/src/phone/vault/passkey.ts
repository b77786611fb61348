// The phone's own lock, a fingerprint or what opens its screen, as another way into the vault: an authenticator's PRF gives
// a secret for a salt, and only while its owner is there. All of this stays on the phone; no server is asked or told.

import type { Passkey } from '../core';

type Bytes = Uint8Array<ArrayBuffer>;

const SALT_BYTES = 32;
const SECRET_BYTES = 32;
const LIMIT_MS = 120_000;

/** Why there is no passkey, or no secret of one. */
export class NoPasskey extends Error {
  /** `dismissed`: somebody put the question away, or its time was over. */
  constructor(readonly why: 'dismissed' | 'unable') {
    super(why);
  }
}

/** Whether this browser says for certain that this phone can. */
export async function available(): Promise<boolean> {
  if (typeof PublicKeyCredential !== 'function') return false;
  // A bare address is nobody's name, and passkeys belong to a name.
  if (/^[\d.]+$|:/.test(location.hostname)) return false;
  try {
    const can = (await PublicKeyCredential.getClientCapabilities?.()) as Record<string, boolean> | undefined;
    return can?.['extension:prf'] === true && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
  } catch {
    return false;
  }
}

function random(bytes: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

/** Nobody checks what it signs: it is asked for its secret alone. */
function common(): { challenge: Bytes; timeout: number } {
  return { challenge: random(32), timeout: LIMIT_MS };
}

/** A new one for this phone, and what it gives for a fresh salt. */
export async function make(name: string): Promise<Passkey> {
  const salt = random(SALT_BYTES);
  const created = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        ...common(),
        rp: { name: 'Doorstep' },
        user: { id: random(16), name, displayName: name },
        pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: {
          authenticatorAttachment: 'platform',
          residentKey: 'discouraged',
          userVerification: 'required',
        },
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const { prf } = created.getClientExtensionResults();
  if (prf?.enabled !== true) throw new NoPasskey('unable');
  const credential = new Uint8Array(created.rawId);
  // Many give nothing while they are made.
  const first = prf.results?.first;
  return { credential, salt, secret: first ? secretOf(first) : await secret({ credential, salt }) };
}

/** What it gives for the salt it was made with. */
export async function secret({ credential, salt }: Omit<Passkey, 'secret'>): Promise<Bytes> {
  const got = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        ...common(),
        allowCredentials: [{ type: 'public-key', id: credential, transports: ['internal'] }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const first = got.getClientExtensionResults().prf?.results?.first;
  if (!first) throw new NoPasskey('unable');
  return secretOf(first);
}

function secretOf(first: BufferSource): Bytes {
  const bytes = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
  if (bytes.length !== SECRET_BYTES) throw new NoPasskey('unable');
  return new Uint8Array(bytes);
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let answer: Credential | null;
  try {
    answer = await ask();
  } catch (cause) {
    const dismissed = cause instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(cause.name);
    throw new NoPasskey(dismissed ? 'dismissed' : 'unable');
  }
  if (!(answer instanceof PublicKeyCredential)) throw new NoPasskey('unable');
  return answer;
}
