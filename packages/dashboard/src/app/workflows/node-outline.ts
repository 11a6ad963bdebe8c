import type { PlacedNode } from './graph-layout.ts'

/** The outline of a box around nought, by what it is: each type has a shape of its own. */
export function outlineOf({ kind, width, height }: Pick<PlacedNode, 'kind' | 'width' | 'height'>): readonly string[] {
  const [right, bottom] = [width / 2, height / 2]
  switch (kind) {
    case 'begin':
    case 'end':
    case 'join':
      return [rounded(right, bottom, bottom)]
    case 'transform':
      return [rounded(right, bottom, Math.min(bottom, 22))]
    case 'api_call':
      return [corners(right, bottom, [0, 12, 0, 12])]
    case 'approval':
      return [corners(right, bottom, [12, 12, 12, 12])]
    case 'condition':
      return [`M${-right} 0L${-right + 14} ${-bottom}H${right - 14}L${right} 0L${right - 14} ${bottom}H${-right + 14}Z`]
    case 'parallel':
      return [rounded(right, bottom, 4), `M${-right + 7} ${-bottom}V${bottom}M${right - 7} ${-bottom}V${bottom}`]
    default:
      return [rounded(right, bottom, 8)]
  }
}

function rounded(right: number, bottom: number, radius: number): string {
  const arc = `A${radius} ${radius} 0 0 1`
  return [
    `M${-right + radius} ${-bottom}H${right - radius}`,
    `${arc} ${right} ${-bottom + radius}V${bottom - radius}`,
    `${arc} ${right - radius} ${bottom}H${-right + radius}`,
    `${arc} ${-right} ${bottom - radius}V${-bottom + radius}`,
    `${arc} ${-right + radius} ${-bottom}Z`,
  ].join('')
}

/** Corners that are cut off, from the upper start on, clockwise. */
function corners(right: number, bottom: number, cuts: readonly [number, number, number, number]): string {
  const [a, b, c, d] = cuts
  return [
    `M${-right + a} ${-bottom}H${right - b}L${right} ${-bottom + b}V${bottom - c}`,
    `L${right - c} ${bottom}H${-right + d}L${-right} ${bottom - d}V${-bottom + a}Z`,
  ].join('')
}
