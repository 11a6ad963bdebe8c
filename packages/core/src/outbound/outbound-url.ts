import { isIP } from 'node:net'
import { isPublicAddress } from './public-address.ts'

const LONGEST_URL = 2_048

/** The host of an address as a socket takes it: without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

/** Says why an address is not called, or gives it parsed; where its name leads is for the moment of the call. */
export function readOutboundUrl(
  text: string,
  allow: ReadonlySet<string>,
): { readonly url: URL } | { readonly problem: string } {
  if (text.length > LONGEST_URL || !URL.canParse(text)) return { problem: 'no address' }
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return { problem: 'an address with a password in it' }
  if (allow.has(url.origin)) return { url }
  if (url.protocol !== 'https:') return { problem: 'no https address' }
  const host = hostOf(url)
  // Numbers written in other ways than usual have been brought to the usual one by the parser.
  if (isIP(host) !== 0 && !isPublicAddress(host)) return { problem: 'no public address' }
  return { url }
}
