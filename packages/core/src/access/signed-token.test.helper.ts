import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { JwtAlgorithm, PublicJwk } from './jwt-options.ts'

export const ISSUER: string = 'https://issuer.example'
export const AUDIENCE: string = 'preceptor'
export const NOW: number = 1_800_000_000_000
export const ALGORITHMS: readonly JwtAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA']
const SIGNING: Readonly<Record<string, Parameters<typeof crypto.subtle.sign>[0]>> = {
  RS256: 'RSASSA-PKCS1-v1_5',
  PS256: { name: 'RSA-PSS', saltLength: 32 },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: 'Ed25519',
}

const privates = new Map<string, CryptoKey>()
const publics = new Map<string, CryptoKey>()
/** The keys of the issuer, once they are made. */
export const jwks: { keys: PublicJwk[] } = { keys: [] }

const publicJwk = ({ kty = '', ...jwk }: JWK): PublicJwk => ({ kty, ...jwk })

/** Makes the keys of the issuer. */
export async function makeKeys(): Promise<void> {
  for (const algorithm of ALGORITHMS) {
    const pair = await generateKeyPair(algorithm, { extractable: true })
    privates.set(algorithm, pair.privateKey)
    publics.set(algorithm, pair.publicKey)
    jwks.keys.push({ ...publicJwk(await exportJWK(pair.publicKey)), kid: algorithm, alg: algorithm })
  }
}

export const base64url = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url')
export const seconds = (offset: number): number => NOW / 1_000 + offset
export const CLAIMS: Readonly<Record<string, unknown>> = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ana',
  workspace: 'default',
  exp: seconds(300),
  iat: seconds(-10),
}
export const HEADER: Readonly<Record<string, unknown>> = { alg: 'RS256', kid: 'RS256', typ: 'at+jwt' }

/** A header or a payload as JSON, or as it is. */
export type Part = string | Uint8Array | object

export const partOf = (part: Part): string =>
  base64url(typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part))

/** A public key of the issuer. */
export function publicKey(algorithm: string): CryptoKey {
  const key = publics.get(algorithm)
  if (key === undefined) throw new Error(`There is no key for ${algorithm}.`)
  return key
}

function keyOf(algorithm: string): CryptoKey {
  const key = privates.get(algorithm)
  if (key === undefined) throw new Error(`There is no key for ${algorithm}.`)
  return key
}

/** The signature by a key of the issuer, unless another is given. */
export async function signature(
  input: string,
  algorithm = 'RS256',
  key: CryptoKey = keyOf(algorithm),
): Promise<Uint8Array> {
  const signing = SIGNING[algorithm] ?? ''
  return new Uint8Array(await crypto.subtle.sign(signing, key, new TextEncoder().encode(input)))
}

/** What is signed, and how. */
export interface Signed {
  readonly header?: Part
  readonly payload?: Part
  readonly algorithm?: JwtAlgorithm
  readonly key?: CryptoKey
}

/** Signs by the true key of the issuer whatever is asked for: that it is refused is for what it says. */
export async function sign({
  header = HEADER,
  payload = CLAIMS,
  algorithm = 'RS256',
  key,
}: Signed = {}): Promise<string> {
  const input = `${partOf(header)}.${partOf(payload)}`
  return `${input}.${base64url(await signature(input, algorithm, key))}`
}

/** So many bytes that are all the same. */
export const fill = (length: number, byte = 0): Uint8Array => new Uint8Array(length).fill(byte)
/** Order of the curve of ES256. */
export const ORDER: Buffer = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

/** A signature of ES256 in the form of ASN.1. */
export function der(raw: Uint8Array): Uint8Array {
  const whole = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([2, bytes.length + 1, 0]), bytes])
  const [r, s] = [whole(raw.subarray(0, 32)), whole(raw.subarray(32))]
  return Buffer.concat([Buffer.from([0x30, r.length + s.length]), r, s])
}
