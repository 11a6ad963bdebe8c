import type { CallerAddress } from '@preceptor/client'
import ipaddr from 'ipaddr.js'

// What one customer of a provider has of IPv6.
const OWN_BITS = 8

/**
 * The address that a caller is counted by: the other end of the connection, or what the outermost proxy of the host's own
 * saw there. An IPv6 address counts as its network of 64 bits. Undefined where nothing is known.
 */
export function clientAddress({ peer, forwardedFor }: CallerAddress, trustedProxies: number): string | undefined {
  const hops = trustedProxies === 0 ? [] : (forwardedFor ?? '').split(',').map((hop) => hop.trim())
  const stated = hops.filter((hop) => hop !== '')
  const text = stated.at(-trustedProxies) ?? stated[0]
  return networkOf(trustedProxies === 0 || text === undefined ? peer : text)
}

function networkOf(text: string | undefined): string | undefined {
  if (text === undefined || !ipaddr.isValid(text)) return undefined
  const address = ipaddr.process(text)
  if (address.kind() === 'ipv4') return address.toString()
  return address.toByteArray().slice(0, OWN_BITS).join('.')
}
