import ipaddr from 'ipaddr.js'

// Everything that is globally reachable over IPv6 begins here; ranges that nobody has assigned yet stay refused.
const GLOBAL_IPV6 = '2000::/3'
// Looks public, and is where a cloud keeps what only its own machines should read.
const METADATA = new Set(['168.63.129.16'])

/** Whether an address (IPv4 or IPv6 as text) is one of the public internet; what cannot be read is not. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  if (address.kind() === 'ipv4') return !METADATA.has(address.toString())
  return address.match(ipaddr.parseCIDR(GLOBAL_IPV6))
}
