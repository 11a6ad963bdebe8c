import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { GovernanceError } from '@preceptor/client'

/** Signs checkpoints. */
export interface CheckpointSigner {
  readonly keyId: string
  /** Gives the signature in base64. */
  readonly sign: (text: string) => string
}

/** Tells whether a known key signed a text. */
export interface CheckpointVerifier {
  readonly verify: (signed: { readonly keyId: string; readonly signature: string; readonly text: string }) => boolean
}

/** Keys as they are given, in PEM. */
export interface CheckpointKeyOptions {
  readonly key?: string | undefined
  readonly publicKeys?: readonly string[] | undefined
}

/** The keys of a process: what it signs with, if with any, and whose signatures it takes. */
export interface CheckpointKeys {
  readonly signer: CheckpointSigner | undefined
  readonly verifier: CheckpointVerifier
}

/**
 * Reads the keys of checkpoints.
 *
 * @throws GovernanceError `OPTION_INVALID` for what is no Ed25519 key in PEM, and where there is none at all.
 */
export function readCheckpointKeys({ key, publicKeys = [] }: CheckpointKeyOptions): CheckpointKeys {
  const secret = key === undefined ? undefined : readKey('key', () => createPrivateKey(key))
  const known = new Map<string, KeyObject>()
  if (secret !== undefined) known.set(idOf(secret), createPublicKey(secret))
  for (const pem of publicKeys) {
    // A private key would be taken for its public half, and then lie where public keys lie.
    if (pem.includes('PRIVATE KEY')) throw invalid('publicKeys')
    const publicKey = readKey('publicKeys', () => createPublicKey(pem))
    known.set(idOf(publicKey), publicKey)
  }
  if (known.size === 0) {
    throw new GovernanceError('OPTION_INVALID', {
      message: 'Option "checkpoints": a key is missing.',
      hint: 'Give "key" to sign and verify, or "publicKeys" to verify only.',
    })
  }
  return {
    signer: secret && { keyId: idOf(secret), sign: (text) => sign(null, Buffer.from(text), secret).toString('base64') },
    verifier: { verify: ({ keyId, signature, text }) => isSignedBy(known.get(keyId), signature, text) },
  }
}

function isSignedBy(key: KeyObject | undefined, signature: string, text: string): boolean {
  return key !== undefined && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
}

/** Names a key by its public half: the first 16 hex digits of the SHA-256 of its DER. */
function idOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('hex').slice(0, 16)
}

function readKey(option: 'key' | 'publicKeys', read: () => KeyObject): KeyObject {
  try {
    const key = read()
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // What the parser says may hold parts of the key.
  }
  throw invalid(option)
}

function invalid(option: 'key' | 'publicKeys'): GovernanceError {
  const what = option === 'key' ? 'an Ed25519 private key' : 'Ed25519 public keys'
  return new GovernanceError('OPTION_INVALID', {
    message: `Option "checkpoints.${option}": it must be ${what} in PEM.`,
    hint: 'openssl genpkey -algorithm ed25519 makes a key, openssl pkey -pubout gives its public half.',
  })
}
