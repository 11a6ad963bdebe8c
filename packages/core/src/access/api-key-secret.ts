import { hash, timingSafeEqual } from 'node:crypto'

const PREFIX_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'
const PREFIX_LENGTH = 8
const SECRET_BYTES = 32
const KEY = /^pcp_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/

/** A new API key: `pcp_`, 8 public characters to recognise it by, and 256 random bits. */
export interface ApiKeySecret {
  readonly secret: string
  readonly prefix: string
}

/** Makes an API key out of cryptographic randomness. */
export function makeApiKeySecret(randomBytes: (size: number) => Uint8Array): ApiKeySecret {
  const letters = [...randomBytes(PREFIX_LENGTH)].map((byte) => PREFIX_ALPHABET.charAt(byte % PREFIX_ALPHABET.length))
  const prefix = `pcp_${letters.join('')}`
  return { prefix, secret: `${prefix}_${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url')}` }
}

/** Tells whether a credential has the form of an API key. */
export function isApiKey(credential: string): boolean {
  return KEY.test(credential)
}

/** SHA-256 (hex) of a credential: the only form in which it is stored or looked up. */
export function hashCredential(credential: string): string {
  return hash('sha256', credential, 'hex')
}

/** Compares two SHA-256 (hex) in constant time. */
export function isSameHash(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left, 'hex'), Buffer.from(right, 'hex')]
  return leftBytes.length === 32 && rightBytes.length === 32 && timingSafeEqual(leftBytes, rightBytes)
}
