/** Where a mark is drawn. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** Moves marks that would cover one another up, or down where there is no room above; their x stays what it says. */
export function placeMarks(
  wanted: readonly Place[],
  { size, top, bottom }: { readonly size: number; readonly top: number; readonly bottom: number },
): readonly Place[] {
  const placed: Place[] = []
  const isFree = ({ x, y }: Place): boolean =>
    placed.every((other) => Math.abs(other.x - x) >= size || Math.abs(other.y - y) >= size)
  for (const { x, y } of wanted) {
    const rows = Math.ceil((bottom - top) / size)
    const heights = [
      y,
      ...Array.from({ length: rows }, (_, row) => y - size * (row + 1)),
      ...Array.from({ length: rows }, (_, row) => y + size * (row + 1)),
    ]
    const free = heights.find((height) => height >= top && height <= bottom && isFree({ x, y: height }))
    placed.push({ x, y: free ?? Math.min(Math.max(y, top), bottom) })
  }
  return placed
}
