import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './public-address.ts'

const NOT_PUBLIC = [
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
  ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
  ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd00:ec2::254']],
  ['link-local and metadata', ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fe80::1%eth0', '168.63.129.16']],
  ['carrier-grade NAT', ['100.64.0.1', '100.100.100.200']],
  ['IPv4 in IPv6', ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1', '::ffff:0:127.0.0.1']],
  ['translated and tunnelled', ['64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001:0:4136:e378::1']],
  ['multicast and broadcast', ['224.0.0.1', '255.255.255.255', 'ff02::1']],
  [
    'reserved',
    ['192.0.0.8', '192.0.2.1', '198.18.0.1', '203.0.113.5', '240.0.0.1', '2001:db8::1', 'fec0::1', '4000::1'],
  ],
  ['no address', ['', 'localhost', '127.0.0.1.', 'x', '1.2.3.4/8']],
] as const

describe('a public address', () => {
  it.each(NOT_PUBLIC)('is none that is %s [NOTE-3, I-39]', (_, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([])
  })

  it('is one of the internet [NOTE-3]', () => {
    const addresses = ['8.8.8.8', '1.1.1.1', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e']
    expect(addresses.filter((address) => !isPublicAddress(address))).toEqual([])
  })

  it('is never one of 127/8, 10/8 or 169.254/16, in whatever form an IPv6 address holds it [NOTE-3, I-39]', () => {
    const octet = fc.integer({ min: 0, max: 255 })
    const inside = fc.oneof(
      fc.tuple(fc.constantFrom(127, 10, 0), octet, octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    )
    fc.assert(
      fc.property(inside, fc.constantFrom('', '::ffff:', '::', '64:ff9b::', '::ffff:0:'), (octets, prefix) => {
        expect(isPublicAddress(`${prefix}${octets.join('.')}`)).toBe(false)
      }),
    )
  })
})
