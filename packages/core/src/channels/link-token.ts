import { hashCredential } from '../access/api-key-secret.ts'

const SECRET_BYTES = 32
const TOKEN = /^pal_([a-z0-9][a-z0-9_-]{0,62})\.[A-Za-z0-9_-]{43}$/

/** Makes the token of a link: the workspace, and 32 random bytes. */
export function makeLinkToken(workspace: string, randomBytes: (size: number) => Uint8Array): string {
  return `pal_${workspace}.${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url')}`
}

/** Where a token would be found, and by what; undefined for what is none. */
export function readLinkToken(token: unknown): { readonly workspace: string; readonly tokenHash: string } | undefined {
  if (typeof token !== 'string') return undefined
  const workspace = TOKEN.exec(token)?.[1]
  return workspace === undefined ? undefined : { workspace, tokenHash: hashCredential(token) }
}
