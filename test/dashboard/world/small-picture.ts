import { writeFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import type { Page } from 'playwright-core'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const MOST_COLOURS = 256
const EIGHT_BITS = 8
const BY_PALETTE = 3

/** Each pixel as the number of its colour in a palette of the most frequent ones; what is rarer is the nearest of them. */
const QUANTIZE = `async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d')
  context.drawImage(bitmap, 0, 0)
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
  const counts = new Map()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  const colours = [...counts].sort(([, some], [, more]) => more - some).slice(0, ${MOST_COLOURS}).map(([colour]) => colour)
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]
  const palette = colours.map(parts)
  const numbers = new Map(colours.map((colour, index) => [colour, index]))
  const nearest = (colour) => {
    const [red, green, blue] = parts(colour)
    let best = 0
    let least = Infinity
    palette.forEach(([r, g, b], index) => {
      const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2
      if (distance < least) [best, least] = [index, distance]
    })
    numbers.set(colour, best)
    return best
  }
  const indexes = Uint8Array.from(pixels, (pixel) => numbers.get(pixel) ?? nearest(pixel))
  let text = ''
  for (let from = 0; from < indexes.length; from += 32768) {
    text += String.fromCharCode(...indexes.subarray(from, from + 32768))
  }
  return { width, height, palette: palette.flat(), pixels: btoa(text) }
}`

interface Indexed {
  readonly width: number
  readonly height: number
  readonly palette: readonly number[]
  /** One byte a pixel, row by row, as base64. */
  readonly pixels: string
}

/** Takes a picture of a page with a palette of its own, which is about a third of what it would be else. */
export async function drawSmall(page: Page, path: string): Promise<void> {
  const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  const { width, height, palette, pixels } = (await page.evaluate(
    `(${QUANTIZE})('${shot.toString('base64')}')`,
  )) as Indexed
  const indexes = Buffer.from(pixels, 'base64')
  // Each row begins with its filter, which is none.
  const rows = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row += 1) {
    indexes.copy(rows, row * (width + 1) + 1, row * width, (row + 1) * width)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([EIGHT_BITS, BY_PALETTE, 0, 0, 0], 8)
  const chunks = [
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]
  writeFileSync(path, Buffer.concat([SIGNATURE, ...chunks]))
}

function chunk(kind: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** The checksum that each part of a PNG ends with. */
function crc32(bytes: Buffer): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < EIGHT_BITS; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}
