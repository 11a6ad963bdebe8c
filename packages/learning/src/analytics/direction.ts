/** Where the improvements of an agent type are going. */
export type Direction = 'improving' | 'declining' | 'stable'

/** A slope beyond it, in points a session, is a direction. */
export const DIRECTION_SLOPE = 0.5

/** The direction of a slope in points a session: stable from -0.5 to 0.5. */
export function directionOf(slope: number): Direction {
  if (slope > DIRECTION_SLOPE) return 'improving'
  return slope < -DIRECTION_SLOPE ? 'declining' : 'stable'
}
